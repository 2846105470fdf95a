import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TextArray, type Tables } from '@backstep/concurrency';
import { newId } from '@backstep/messages';
import { insert, many, one, remove, update, type RowChange } from './index.js';
import { RowSet } from './row-set.js';
import { offlineTables } from './testing/index.js';
import { Hold, Stock } from './tiny-kitchen.fixture.spec.js';

/** Goal: the rows of a batch: what a decision sees, what it may do, and the one write a row that comes of it. No database. */
let tables: Tables;
let rowSet: RowSet;
beforeAll(async () => {
  tables = await offlineTables([Stock, Hold]);
});
beforeEach(() => {
  rowSet = new RowSet(tables);
});

const needs = { stock: many(Stock, ['flour', 'sugar']) };
const row = (ingredient: string, left: number, version: number): Stock => ({ ingredient, left, version });

/** As the batch does: asks, and gets what the database has. */
function read(...rows: Stock[]): void {
  rowSet.want(needs);
  rowSet.load(
    tables.of(Stock),
    rows.map((stored) => ({ ...stored })),
  );
}
const seen = (ingredient: string): Stock => {
  const found = rowSet.give(needs).stock.get(ingredient);
  if (!found) throw new Error(`${ingredient} is not there`);
  return found;
};
const take = (ingredient: string): number =>
  rowSet.apply(update(Stock, seen(ingredient), { left: seen(ingredient).left - 1 }));

/** What would be written: the name of a part, its columns (the versions that are expected last), how many rows. */
const writes = () =>
  rowSet
    .parts()
    .map(({ name, params, rows }) => [
      name,
      params.map((param) => (param instanceof TextArray ? param.items : param)),
      rows,
    ]);

describe('what a decision sees', () => {
  it('is what was read, and then what the decisions before it changed', () => {
    read(row('flour', 9, 4));
    expect(seen('flour')).toEqual(row('flour', 9, 4));
    expect(take('flour')).toBe(5);
    expect(seen('flour')).toEqual(row('flour', 8, 5));
  });

  it('lacks what is not there', () => {
    read(row('flour', 9, 4));
    expect([...rowSet.give(needs).stock.keys()]).toEqual(['flour']);
    expect(rowSet.give({ sugar: one(Stock, 'sugar') }).sugar).toBeUndefined();
  });

  it('has dates as dates, though rows come as JSON', () => {
    const cakeId = newId();
    rowSet.want({ hold: one(Hold, cakeId) });
    rowSet.load(tables.of(Hold), [{ cakeId, madeAt: '2030-01-01T12:00:00+00:00', version: 1 }]);
    expect(rowSet.give({ hold: one(Hold, cakeId) }).hold?.madeAt).toEqual(new Date(Date.UTC(2030, 0, 1, 12)));
  });

  it('is found under the key that was asked for, though PostgreSQL writes a UUID in small letters', () => {
    const cakeId = newId();
    const asked = { hold: one(Hold, cakeId.toUpperCase()), holds: many(Hold, [cakeId.toUpperCase()]) };
    rowSet.want(asked);
    rowSet.load(tables.of(Hold), [{ cakeId, madeAt: '2030-01-01T12:00:00Z', version: 1 }]);
    expect(rowSet.give(asked).hold?.cakeId).toBe(cakeId);
    expect(rowSet.give(asked).holds.get(cakeId.toUpperCase())?.cakeId).toBe(cakeId);
  });
});

describe('what is written', () => {
  it('is one checked write a row, however often it changed: from the version that was read to the last', () => {
    read(row('flour', 9, 4), row('sugar', 3, 1));
    take('flour');
    take('flour');
    expect(take('flour')).toBe(7);
    expect(writes()).toEqual([['upd_stock', [['flour'], ['6'], ['7'], [4]], 1]]);
    expect(rowSet.written(Stock)).toEqual([row('flour', 6, 7)]);
  });

  it('is nothing of what was only read', () => {
    read(row('flour', 9, 4));
    seen('flour');
    expect(rowSet.parts()).toEqual([]);
    expect(rowSet.written(Stock)).toEqual([]);
  });

  it('of a new row starts at version 1, and counts on within the batch', () => {
    read();
    expect(rowSet.apply(insert(Stock, { ingredient: 'flour', left: 5 }))).toBe(1);
    expect(take('flour')).toBe(2);
    expect(writes()).toEqual([['ins_stock', [['flour'], ['4'], ['2']], 1]]);
  });

  it('of a row that came and went within the batch is nothing', () => {
    read();
    rowSet.apply(insert(Stock, { ingredient: 'flour', left: 5 }));
    rowSet.apply(remove(Stock, seen('flour')));
    expect(rowSet.parts()).toEqual([]);
    expect(rowSet.written(Stock)).toEqual([]);
  });

  it('of a row that was removed is checked against the version that was read, not the one it reached', () => {
    read(row('flour', 9, 4));
    take('flour');
    rowSet.apply(remove(Stock, seen('flour')));
    const [part] = rowSet.parts();
    expect(part).toMatchObject({ name: 'del_stock', params: [['flour'], [4]], rows: 1 });
  });

  it('of a row that was removed and made again is one update', () => {
    read(row('flour', 9, 4));
    rowSet.apply(remove(Stock, seen('flour')));
    rowSet.apply(insert(Stock, { ingredient: 'flour', left: 1 }));
    expect(writes()).toEqual([['upd_stock', [['flour'], ['1'], ['5'], [4]], 1]]);
  });
});

describe('a decision that is wrong throws, rather than write what nobody checked', () => {
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
      () => update(Stock, row('honey', 1, 1), { left: 0 }),
      'Stock honey is changed without being among',
    ],
    [
      'changes a row of a table it did not ask for',
      () => insert(Hold, { cakeId: newId(), madeAt: new Date() }),
      'is changed without being among',
    ],
    [
      'inserts a row that is there',
      () => insert(Stock, { ingredient: 'flour', left: 1 }),
      'insert of a row that is there',
    ],
    [
      'updates a row that is not there',
      () => update(Stock, row('sugar', 1, 1), { left: 0 }),
      'update of a row that is not there',
    ],
    ['removes a row that is not there', () => remove(Stock, row('sugar', 1, 1)), 'remove of a row that is not there'],
    [
      'decides on a row that another decision has changed since',
      () => update(Stock, row('flour', 9, 3), { left: 0 }),
      'decided on version 3, the batch is at 4',
    ],
  ])('%s', (_, change, says) => {
    read(row('flour', 9, 4));
    expect(wrong(change())).toContain(says);
    expect(rowSet.parts()).toEqual([]);
  });
});

it('what is wanted is asked for in the same order whoever wants it, so that lockers cannot deadlock', () => {
  const hold = one(Hold, newId());
  rowSet.want({ stock: many(Stock, ['sugar', 'flour', 'sugar']), hold });
  const other = new RowSet(tables);
  other.want({ hold, stock: many(Stock, ['flour', 'sugar']) });
  const order = (asked: RowSet) => asked.wanted().map(({ table, keys }) => [table.name, keys]);
  expect(order(rowSet)).toEqual(order(other));
  expect(order(rowSet)).toEqual([
    ['"hold"', [hold.key]],
    ['"stock"', ['flour', 'sugar']],
  ]);
});
