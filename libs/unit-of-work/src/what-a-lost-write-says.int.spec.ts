import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { many, one, update, type UnitOfWork } from './index.js';
import { instancesOn } from './instances.fixture.spec.js';

/**
 * Goal: whoever reads that a write was lost reads for which rows.
 * Method: a rival changes a row of the write that waits for it, and the request is given back at the first loss.
 */
@Entity('loaf')
class Loaf {
  @PrimaryColumn('text') id!: string;
  @Column('integer') sold!: number;
  @Version() version!: number;
}

@Entity('oven')
class Oven {
  @PrimaryColumn('text') id!: string;
  @Version() version!: number;
}

let bakery: Awaited<ReturnType<typeof instancesOn>>;
beforeAll(async () => {
  bakery = await instancesOn(
    [Loaf, Oven],
    `CREATE TABLE loaf (id text PRIMARY KEY, sold integer NOT NULL, version bigint NOT NULL);
     CREATE TABLE oven (id text PRIMARY KEY, version bigint NOT NULL)`,
  );
});
afterAll(() => bakery.close());
afterEach(() => bakery.endRivals());
beforeEach(() =>
  bakery.database.pool.query(`
    TRUNCATE loaf, oven;
    INSERT INTO loaf SELECT 'loaf-' || n, 0, 1 FROM generate_series(1, 9) AS n;
    INSERT INTO oven VALUES ('stone', 1)`),
);

const sold = (loaves: ReadonlyMap<string, Loaf>) => ({
  answer: undefined,
  changes: [...loaves.values()].map((loaf) => update(Loaf, loaf, { sold: loaf.sold + 1 })),
});
const sell = {
  needs: (ids: readonly string[]) => ({ loaves: many(Loaf, ids) }),
  decide: (_: readonly string[], { loaves }: { loaves: ReadonlyMap<string, Loaf> }) => sold(loaves),
};
const sellWhileHot = {
  needs: (ids: readonly string[]) => ({ loaves: many(Loaf, ids), oven: one(Oven, 'stone', { hold: true }) }),
  decide: (_: readonly string[], { loaves }: { loaves: ReadonlyMap<string, Loaf> }) => sold(loaves),
};

type Ask = (unitOfWork: UnitOfWork, ids: readonly string[]) => Promise<unknown>;
const selling: Ask = (unitOfWork, ids) => unitOfWork.request(sell, ids);
const sellingWhileHot: Ask = (unitOfWork, ids) => unitOfWork.request(sellWhileHot, ids);

it.each([
  ['the rows that it writes', selling, 'UPDATE loaf', ['loaf-2'], 'the part upd_loaf', 'Loaf loaf-2'],
  [
    'three of the many rows that it writes',
    selling,
    'UPDATE loaf',
    ['loaf-5', 'loaf-2', 'loaf-3', 'loaf-1', 'loaf-4'],
    'the part upd_loaf',
    'Loaf loaf-1, loaf-2, loaf-3 and 2 more',
  ],
  ['the row that it holds', sellingWhileHot, 'UPDATE oven', ['loaf-2'], 'the part held_oven', 'Oven stone'],
])('a request that has lost its write names %s', async (_, ask, statement, ids, part, rows) => {
  const { unitOfWork } = bakery.instance({ conflictsMax: 0 });
  const rival = await bakery.rival(`${statement} SET version = version + 1`);
  const outcome = ask(unitOfWork, ids).catch((error: unknown) => error);
  await bakery.waiting(1);
  await rival.commit();
  expect(await outcome).toMatchObject({
    name: 'ContendedError',
    message: `lost the lock on its rows too often: ${part} touched another number of rows than it must: ${rows}`,
    cause: { name: 'RowsMismatchError', rows: { count: ids.length } },
  });
});
