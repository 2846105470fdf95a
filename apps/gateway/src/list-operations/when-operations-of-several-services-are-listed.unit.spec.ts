import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OperatorOperation } from '../representations/operation.js';
import { mergedOperations } from './merged-operations.js';

/** Goal: the pages of a list that several services keep have each operation once, newest first. Method: lists of any length, paged to their end. */
const operation = (at: number, id: string): OperatorOperation =>
  ({ id, at: new Date(at).toISOString() }) as OperatorOperation;
const keyOf = ({ at, id }: OperatorOperation) => `operations.${Date.parse(at)}.${id}`;
const newestFirst = (one: OperatorOperation, other: OperatorOperation) =>
  Date.parse(other.at) - Date.parse(one.at) || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0);

/** As a service answers: its own, after the cursor, and whether there are more. */
function pageOf(all: readonly OperatorOperation[], cursor: string | undefined, limit: number) {
  const [, at, id] = cursor?.split('.') ?? [];
  const after = at === undefined || id === undefined ? undefined : operation(Number(at), id);
  const left = [...all].sort(newestFirst).filter((one) => !after || newestFirst(after, one) < 0);
  const items = left.slice(0, limit);
  return { items, nextCursor: left.length > limit ? keyOf(items.at(-1)!) : null };
}

it('every operation of every service is on one page, newest first', () => {
  const lists = fc.uniqueArray(fc.tuple(fc.nat({ max: 20 }), fc.uuid(), fc.nat({ max: 3 })), {
    selector: ([, id]) => id,
    maxLength: 40,
  });
  fc.assert(
    fc.property(lists, fc.integer({ min: 1, max: 7 }), (drawn, limit) => {
      const services = [0, 1, 2, 3].map((of) =>
        drawn.filter(([, , service]) => service === of).map(([at, id]) => operation(at, id)),
      );
      const listed: OperatorOperation[] = [];
      let cursor: string | undefined;
      do {
        const page = mergedOperations(
          services.map((all) => pageOf(all, cursor, limit)),
          limit,
        );
        expect(page.items.length).toBeLessThanOrEqual(limit);
        listed.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined && listed.length <= drawn.length);
      expect(listed).toEqual(drawn.map(([at, id]) => operation(at, id)).sort(newestFirst));
    }),
  );
});
