import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { requestHash } from './keyed-request.js';

/** Goal: bodies that mean the same hash the same, others do not. */
describe('the hash of a request', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([name, member]) => [name, shuffled(member)]),
    );
  };
  // Through JSON, as every request has come.
  const body = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

  it('the hash of a request does not depend on the order of members', () => {
    fc.assert(fc.property(body, (value) => expect(requestHash(shuffled(value))).toBe(requestHash(value))));
  });

  it('the hash of a request differs for different requests', () => {
    fc.assert(
      fc.property(body, body, (a, b) => {
        fc.pre(!isDeepStrictEqual(a, b));
        expect(requestHash(a)).not.toBe(requestHash(b));
      }),
    );
  });

  it('the hash of a request depends on the order of its lines', () => {
    expect(requestHash({ items: [1, 2] })).not.toBe(requestHash({ items: [2, 1] }));
  });
});
