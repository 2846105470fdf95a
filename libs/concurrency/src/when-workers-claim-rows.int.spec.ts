import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import {
  claim,
  executorIn,
  executorOf,
  OptimisticLockError,
  Removed,
  Tables,
  Version,
  VersionedRepository,
  type Executor,
  type VersionedTable,
} from './index.js';

/**
 * Goal: workers that claim rows at once get different rows, wait for nobody, and between them get all.
 * Method: four workers, each with a connection of its own, on one table; a claim whose transaction stays open while others claim.
 */
@Entity('job')
class Job {
  @PrimaryColumn('text') id!: string;
  @Column('text', { name: 'taken_by', nullable: true }) takenBy!: string | null;
  @Column('bigint') weight!: number;
  @Column('timestamptz', { name: 'due_at' }) dueAt!: Date;
  @Removed({ name: 'removed_at' }) removedAt?: Date | null;
  @Version() version!: number;
}

const DUE_AT = new Date(Date.UTC(2030, 0, 1));
const HUGE = 9_007_199_254_740_991;

let database: TestDatabase;
let dataSource: DataSource;
let table: VersionedTable<Job>;
let executor: Executor;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(
    `CREATE TABLE job (id text PRIMARY KEY, taken_by text, weight bigint NOT NULL, due_at timestamptz NOT NULL, removed_at timestamptz,
       version bigint NOT NULL)`,
  );
  dataSource = await new DataSource({
    type: 'postgres',
    url: database.url,
    entities: [Job],
    poolSize: 6,
    // A claim that waits for a row fails.
    extra: { options: '-c lock_timeout=500' },
  }).initialize();
  table = new Tables(dataSource).of(Job);
  executor = executorOf(dataSource);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});
beforeEach(() => database.pool.query('TRUNCATE job'));

const jobs = async (count: number): Promise<string[]> => {
  const { rows } = await database.pool.query<{ id: string }>(
    `INSERT INTO job SELECT to_char(n, 'FM0000'), NULL, n, $2, NULL, 1 FROM generate_series(1, $1) AS n RETURNING id`,
    [count, DUE_AT],
  );
  return rows.map(({ id }) => id);
};
const claimBy = (worker: string, max: number, by = executor): Promise<Job[]> =>
  claim(by, table, { where: 'taken_by IS NULL', orderBy: 'weight', set: 'taken_by = $1', params: [worker], max });
const idsOf = (rows: readonly Job[]): string[] => rows.map(({ id }) => id).sort();

describe('claims', () => {
  it('claims of four workers at once are all rows together, and none twice', async () => {
    const all = await jobs(400);
    const workers = ['a', 'b', 'c', 'd'].map(async (worker) => {
      const mine: Job[] = [];
      let last;
      do mine.push(...(last = await claimBy(worker, 7)));
      while (last.length > 0);
      return mine;
    });
    const claimed = await Promise.all(workers);
    expect(idsOf(claimed.flat())).toEqual(all);
    // Each worker has its rows in the table too.
    const { rows } = await database.pool.query<{ taken_by: string; n: number }>(
      'SELECT taken_by, count(*)::int AS n FROM job GROUP BY taken_by ORDER BY taken_by',
    );
    expect(rows.map(({ n }) => n)).toEqual(claimed.map(({ length }) => length).filter((length) => length > 0));
  });

  it('claims skip the rows of a claim that is not committed yet, and do not wait for it', async () => {
    const all = await jobs(10);
    await dataSource.transaction(async ({ queryRunner }) => {
      if (!queryRunner) throw new Error('no transaction');
      expect(idsOf(await claimBy('first', 3, executorIn(queryRunner)))).toEqual(all.slice(0, 3));
      expect(idsOf(await claimBy('second', 10))).toEqual(all.slice(3));
      expect(await claimBy('third', 10)).toEqual([]);
    });
    expect(await claimBy('third', 10)).toEqual([]);
  });

  it('claims whose transaction is rolled back leave the rows to others', async () => {
    const all = await jobs(3);
    const died = dataSource.transaction(async ({ queryRunner }) => {
      if (queryRunner) await claimBy('first', 3, executorIn(queryRunner));
      throw new Error('the worker died');
    });
    await expect(died).rejects.toThrow('the worker died');
    expect(idsOf(await claimBy('second', 10))).toEqual(all);
  });

  it('claims take the first rows of their order, at most as many as they say', async () => {
    const all = await jobs(5);
    expect(idsOf(await claimBy('a', 2))).toEqual(all.slice(0, 2));
    expect(idsOf(await claimBy('a', 2))).toEqual(all.slice(2, 4));
    for (const max of [0, -1, 1.5, Number.NaN]) {
      await expect(claimBy('a', max)).rejects.toThrow(`claim: max must be a whole number from 1, not ${max}`);
    }
  });

  it('a claim counts the version, so a writer that has read the row before is refused', async () => {
    await jobs(1);
    const read = await dataSource.getRepository(Job).findOneByOrFail({ id: '0001' });
    expect(await claimBy('a', 1)).toMatchObject([{ takenBy: 'a', version: 2 }]);
    const stale = dataSource.transaction((manager) => new VersionedRepository(Job, manager).update([read]));
    await expect(stale).rejects.toThrow(OptimisticLockError);
  });

  it('a claim returns rows as handlers get them, and none that are marked as removed', async () => {
    await jobs(2);
    await database.pool.query('UPDATE job SET removed_at = now() WHERE id = $1', ['0001']);
    await database.pool.query('UPDATE job SET weight = $1', [HUGE]);
    expect(await claimBy('a', 10)).toEqual([
      { id: '0002', takenBy: 'a', weight: HUGE, dueAt: DUE_AT, removedAt: null, version: 2 },
    ]);
  });
});
