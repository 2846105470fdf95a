import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TextArray, type Tables } from '@backstep/concurrency';
import { newId } from '@backstep/messages';
import { insert, many, one, remove, update, type RowChange } from './index.js';
import { RowSet } from './row-set.js';
import { offlineTables } from './testing/index.js';
import { Hold, Supply } from './tiny-kitchen.fixture.spec.js';

/** Goal: the rows of a batch: what a decision sees, what it may change, and that each row is written once. No database. */
let tables: Tables;
let rowSet: RowSet;
beforeAll(async () => {
  tables = await offlineTables([Supply, Hold]);
});
beforeEach(() => {
  rowSet = new RowSet(tables);
});

const needs = { supplies: many(Supply, ['flour', 'sugar']) };
const row = (ingredient: string, left: number, version: number): Supply => ({ ingredient, left, version });

/** Reads as the batch does: names the needs, and loads the rows that the database has. */
function read(...rows: Supply[]): void {
  rowSet.want(needs);
  rowSet.load(
    tables.of(Supply),
    rows.map((stored) => ({ ...stored })),
  );
}
const seen = (ingredient: string): Supply => {
  const found = rowSet.give(needs).supplies.get(ingredient);
  if (!found) throw new Error(`${ingredient} is not there`);
  return found;
};
const take = (ingredient: string): number =>
  rowSet.apply(update(Supply, seen(ingredient), { left: seen(ingredient).left - 1 }));

/** What would be written: the name of each part, its columns (expected versions last), the number of rows. */
const writes = () =>
  rowSet
    .parts()
    .map(({ name, params, rows }) => [
      name,
      params.map((param) => (param instanceof TextArray ? param.items : param)),
      rows,
    ]);

describe('what a decision sees', () => {
  it('a decision sees the row as it was read, with what earlier decisions of the batch have changed', () => {
    read(row('flour', 9, 4));
    expect(seen('flour')).toEqual(row('flour', 9, 4));
    expect(take('flour')).toBe(5);
    expect(seen('flour')).toEqual(row('flour', 8, 5));
  });

  it('a decision gets undefined, or no entry, for a row that does not exist', () => {
    read(row('flour', 9, 4));
    expect([...rowSet.give(needs).supplies.keys()]).toEqual(['flour']);
    expect(rowSet.give({ sugar: one(Supply, 'sugar') }).sugar).toBeUndefined();
  });

  it('a decision gets dates as dates, though rows are read as JSON', () => {
    const cakeId = newId();
    rowSet.want({ hold: one(Hold, cakeId) });
    rowSet.load(tables.of(Hold), [{ cakeId, madeAt: '2030-01-01T12:00:00+00:00', version: 1 }]);
    expect(rowSet.give({ hold: one(Hold, cakeId) }).hold?.madeAt).toEqual(new Date(Date.UTC(2030, 0, 1, 12)));
  });

  it('a row is given under the key that was asked for, though PostgreSQL writes a UUID in lower case', () => {
    const cakeId = newId();
    const asked = { hold: one(Hold, cakeId.toUpperCase()), holds: many(Hold, [cakeId.toUpperCase()]) };
    rowSet.want(asked);
    rowSet.load(tables.of(Hold), [{ cakeId, madeAt: '2030-01-01T12:00:00Z', version: 1 }]);
    expect(rowSet.give(asked).hold?.cakeId).toBe(cakeId);
    expect(rowSet.give(asked).holds.get(cakeId.toUpperCase())?.cakeId).toBe(cakeId);
  });
});

describe('what a batch writes', () => {
  it('a row that changed several times is written once, checked against the version that was read', () => {
    read(row('flour', 9, 4), row('sugar', 3, 1));
    take('flour');
    take('flour');
    expect(take('flour')).toBe(7);
    expect(writes()).toEqual([['upd_supply', [['flour'], ['6'], ['7'], [4]], 1]]);
    expect(rowSet.stored(Supply)).toEqual([row('flour', 6, 7)]);
  });

  it('a row that was only read is not written', () => {
    read(row('flour', 9, 4));
    seen('flour');
    expect(rowSet.parts()).toEqual([]);
    expect(rowSet.stored(Supply)).toEqual([]);
  });

  it('a new row starts at version 1, and its version goes up with each change within the batch', () => {
    read();
    expect(rowSet.apply(insert(Supply, { ingredient: 'flour', left: 5 }))).toBe(1);
    expect(take('flour')).toBe(2);
    expect(writes()).toEqual([['ins_supply', [['flour'], ['4'], ['2']], 1]]);
  });
});

describe('a decision that breaks the rules', () => {
  const wrong = (change: RowChange): string => {
    try {
      rowSet.apply(change);
    } catch (error) {
      return String(error);
    }
    return 'applied';
  };

  it.each([
    [
      'changes a row it did not ask for',
      () => update(Supply, row('honey', 1, 1), { left: 0 }),
      'Supply honey is changed without being among',
    ],
    [
      'changes a row of a table it did not ask for',
      () => insert(Hold, { cakeId: newId(), madeAt: new Date() }),
      'is changed without being among',
    ],
    [
      'inserts a row that is there',
      () => insert(Supply, { ingredient: 'flour', left: 1 }),
      'insert of a row that is there',
    ],
    [
      'updates a row that is not there',
      () => update(Supply, row('sugar', 1, 1), { left: 0 }),
      'update of a row that is not there',
    ],
    ['removes a row that is not there', () => remove(Supply, row('sugar', 1, 1)), 'remove of a row that is not there'],
    [
      'decides on a row that another decision has changed since',
      () => update(Supply, row('flour', 9, 3), { left: 0 }),
      'decided on version 3, the batch is at 4',
    ],
  ])('a decision that %s throws, and nothing is written', (_, change, says) => {
    read(row('flour', 9, 4));
    expect(wrong(change())).toContain(says);
    expect(rowSet.parts()).toEqual([]);
  });
});

it('the rows of a batch are read in one order whoever needs them, so that lockers cannot deadlock', () => {
  const hold = one(Hold, newId());
  rowSet.want({ supplies: many(Supply, ['sugar', 'flour', 'sugar']), hold });
  const other = new RowSet(tables);
  other.want({ hold, supplies: many(Supply, ['flour', 'sugar']) });
  const order = (asked: RowSet) => asked.wanted().map(({ table, keys }) => [table.name, keys]);
  expect(order(rowSet)).toEqual(order(other));
  expect(order(rowSet)).toEqual([
    ['"hold"', [hold.key]],
    ['"supply"', ['flour', 'sugar']],
  ]);
});
