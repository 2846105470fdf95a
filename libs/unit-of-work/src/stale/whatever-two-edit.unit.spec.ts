import { beforeAll, expect, it } from '@jest/globals';
import { Kept, offlineTables, Version, type KeptChange, type Tables } from '@backstep/concurrency';
import fc from 'fast-check';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  byField,
  merge,
  one,
  patched,
  StaleBasisError,
  update,
  type EditHandler,
  type EditRequest,
  type Loaded,
} from '../index.js';
import { InMemoryRows } from '../testing/index.js';

/**
 * Goal: a merge keeps every change of both sides, or refuses.
 * Method: a row and two edits of it are drawn at random. What must come of them is worked out field by field from the three alone, without log and
 * digests, and compared with what the merge makes of the log.
 */
@Entity('label')
class Label {
  @PrimaryColumn('text') loaf!: string;
  @Column('text', { nullable: true }) name?: string | null;
  @Column('text', { nullable: true }) grain?: string | null;
  @Column('text', { nullable: true }) street?: string | null;
  @Column('text', { nullable: true }) city?: string | null;
  @Column('jsonb') facts!: Readonly<Record<string, string>>;
  @Kept({ versions: 50 }) changes?: readonly KeptChange[] | null;
  @Version() version!: number;
}

interface PatchLabel extends EditRequest<object> {
  readonly loaf: string;
}
const needs = ({ loaf }: PatchLabel) => ({ label: one(Label, loaf) });
class PatchLabelHandler implements EditHandler<PatchLabel, undefined, ReturnType<typeof needs>> {
  readonly needs = needs;
  readonly edits = 'label';
  readonly onStale = merge(byField({ together: [['street', 'city']] }));
  decide({ edit }: PatchLabel, { label }: Loaded<PatchLabelHandler>) {
    if (!label) throw new Error('there is no label');
    return { answer: undefined, changes: [update(Label, label, patched(label, edit))] };
  }
}

/** By field: columns, and members of a JSON column as paths. */
type Fields = Readonly<Record<string, string | null>>;
const COLUMNS = ['name', 'grain', 'street', 'city'];
const MEMBERS = ['facts/salt', 'facts/fat'];
const GROUPS = [['name'], ['grain'], ['street', 'city'], ['facts/salt'], ['facts/fat']];

const value = fc.constantFrom(null, 'a', 'b', 'c');
const whole: fc.Arbitrary<Fields> = fc.record(
  Object.fromEntries([...COLUMNS, ...MEMBERS].map((field) => [field, value])),
);
const some = fc.record(Object.fromEntries([...COLUMNS, ...MEMBERS].map((field) => [field, value])), {
  requiredKeys: [],
}) as fc.Arbitrary<Fields>;

const member = (field: string): string => field.slice('facts/'.length);
const only = (fields: Fields, names: readonly string[]): [string, string | null][] =>
  Object.entries(fields).filter(([field]) => names.includes(field));
const factsOf = (fields: Fields) => only(fields, MEMBERS).map(([field, to]) => [member(field), to] as const);
const patchOf = (fields: Fields): object => ({
  ...Object.fromEntries(only(fields, COLUMNS)),
  ...(factsOf(fields).length > 0 && { facts: Object.fromEntries(factsOf(fields)) }),
});
const rowOf = (fields: Fields) => ({
  ...Object.fromEntries(only(fields, COLUMNS)),
  facts: Object.fromEntries(factsOf(fields).filter((fact): fact is [string, string] => fact[1] !== null)),
});

let tables: Tables;
beforeAll(async () => {
  tables = await offlineTables([Label]);
});

it('whatever two edit, both are kept whole, or the second is refused with the fields that clash', () => {
  const seen = { merged: 0, refused: 0 };
  fc.assert(
    fc.property(whole, some, some, (basis, a, b) => {
      const afterA: Fields = { ...basis, ...a };
      const byA = (field: string): boolean => afterA[field] !== basis[field];
      const byB = (field: string): boolean => field in b && b[field] !== basis[field];
      const same = (field: string): boolean => byA(field) === byB(field) && (!byB(field) || b[field] === afterA[field]);
      const clashing = GROUPS.filter((group) => group.some(byA) && group.some(byB) && !group.every(same)).flat();
      const expected = Object.fromEntries(Object.keys(basis).map((name) => [name, byB(name) ? b[name] : afterA[name]]));

      const rows = new InMemoryRows(tables);
      rows.put(Label, { loaf: 'rye', changes: [], ...rowOf(basis) });
      const edit = (fields: Fields) => () =>
        rows.request(new PatchLabelHandler(), { loaf: 'rye', edit: patchOf(fields), basis: 1 });
      edit(a)();
      if (clashing.length === 0) {
        edit(b)();
        expect(rows.find(Label, 'rye')).toMatchObject(rowOf(expected as Fields));
        expect(rows.find(Label, 'rye')?.facts).toEqual(rowOf(expected as Fields).facts);
        seen.merged++;
      } else {
        const refused = caught(edit(b)) as StaleBasisError;
        expect(refused).toBeInstanceOf(StaleBasisError);
        expect([...(refused.stale.clashing ?? [])].sort()).toEqual(clashing.filter(byB).sort());
        expect(rows.find(Label, 'rye')).toMatchObject({ ...rowOf(afterA), version: 2 });
        seen.refused++;
      }
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(seen.merged, seen.refused)).toBeGreaterThan(30);
});

const caught = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};
