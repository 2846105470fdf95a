import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Removed, TextArray, Version, type Tables } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { insert, many, remove, update } from './index.js';
import { RowSet } from './row-set.js';
import { InMemoryRows, offlineTables } from './testing/index.js';

/** Goal: a removed row is marked, and its version counts on when it is inserted again. No database. */
@Entity('loaf')
class Loaf {
  @PrimaryColumn('text') name!: string;
  @Column('integer') grams!: number;
  @Removed() removedAt?: Date | null;
  @Version() version!: number;
}

let tables: Tables;
let rowSet: RowSet;
beforeAll(async () => {
  tables = await offlineTables([Loaf]);
});
beforeEach(() => {
  rowSet = new RowSet(tables);
});

const needs = { loaves: many(Loaf, ['rye', 'spelt']) };
const read = (...rows: Record<string, unknown>[]): void => {
  rowSet.want(needs);
  rowSet.load(tables.of(Loaf), rows);
};
const rye = (): Loaf => {
  const found = rowSet.give(needs).loaves.get('rye');
  if (!found) throw new Error('there is no rye');
  return found;
};
const writes = () =>
  rowSet
    .parts()
    .map(({ name, params }) => [name, ...params.map((param) => (param instanceof TextArray ? param.items[0] : param))]);

describe('the write of a row', () => {
  it('the write of a removed row marks it, and checks the version that was read', () => {
    read({ name: 'rye', grams: 9, version: 4 });
    rowSet.apply(update(Loaf, rye(), { grams: 8 }));
    expect(rowSet.apply(remove(Loaf, rye()))).toBe(6);
    expect(writes()).toEqual([['upd_loaf', 'rye', '8', 'now', '6', [4]]]);
    expect(rowSet.stored(Loaf)).toEqual([{ name: 'rye', grams: 8, removedAt: 'now', version: 6 }]);
  });

  it('the write of a row that was removed and inserted again within the batch is one update', () => {
    read({ name: 'rye', grams: 9, version: 4 });
    rowSet.apply(remove(Loaf, rye()));
    expect(rowSet.apply(insert(Loaf, { name: 'rye', grams: 1 }))).toBe(5);
    expect(writes()).toEqual([['upd_loaf', 'rye', '1', null, '5', [4]]]);
  });

  it('the write of a row that came and went within the batch is none', () => {
    read();
    rowSet.apply(insert(Loaf, { name: 'rye', grams: 5 }));
    rowSet.apply(remove(Loaf, rye()));
    expect(rowSet.parts()).toEqual([]);
    expect(rowSet.stored(Loaf)).toEqual([]);
  });

  it('the write of a marked row that is inserted again counts on from its version', () => {
    read({ name: 'rye', grams: 9, removedAt: '2030-01-01T12:00:00Z', version: 4 });
    expect([...rowSet.give(needs).loaves.keys()]).toEqual([]);
    expect(rowSet.apply(insert(Loaf, { name: 'rye', grams: 1 }))).toBe(5);
    expect(writes()).toEqual([['upd_loaf', 'rye', '1', null, '5', [4]]]);
  });
});

it('rows in memory count on as those of the database do', async () => {
  const rows = await InMemoryRows.of([Loaf]);
  const change = (act: 'insert' | 'remove') =>
    rows.request(
      {
        needs: () => ({ loaves: many(Loaf, ['rye']) }),
        decide: (_: undefined, { loaves }: { loaves: ReadonlyMap<string, Loaf> }) => {
          const row = loaves.get('rye');
          if (act === 'insert') return { answer: 1, changes: [insert(Loaf, { name: 'rye', grams: 5 })] };
          return { answer: 1, changes: row ? [remove(Loaf, row)] : [] };
        },
      },
      undefined,
    );
  change('insert');
  change('remove');
  expect([rows.find(Loaf, 'rye'), rows.all(Loaf)]).toEqual([undefined, []]);
  change('insert');
  expect(rows.find(Loaf, 'rye')).toMatchObject({ grams: 5, version: 3 });
});
