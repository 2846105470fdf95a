import { ASSERT_ROWS_SQL, COUNT_VERSION_SQL, Tables, Version, type Executor } from '@backstep/concurrency';
import { OUTBOX_SQL, OutboxRelay } from '@backstep/outbox';
import { PROBLEMS } from '@backstep/problems';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import {
  DEFAULT_LIMITS,
  one,
  UnitOfWork,
  update,
  type LoadedNeeds,
  type UnitOfWorkObserver,
} from '@backstep/unit-of-work';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { IDEMPOTENCY_SQL, IdempotencyKey, idempotent, keyed } from './index.js';

/**
 * Goal: one key has one effect, whoever is asked, however often, at the same moment; the effect and its key are there together.
 * Method: several instances of a service, which share nothing but a PostgreSQL, take cookies out of one jar.
 */
@Entity('jar')
class Jar {
  @PrimaryColumn('text') id!: string;
  @Column('integer') cookies!: number;
  @Version() version!: number;
}
const needs = () => ({ jar: one(Jar, 'tin') });
const take = idempotent(
  {
    needs,
    decide(cookies: number, { jar }: LoadedNeeds<ReturnType<typeof needs>>) {
      if (!jar) throw new Error('there is no jar');
      const left = jar.cookies - cookies;
      return { answer: { left }, changes: [update(Jar, jar, { cookies: left })] };
    },
  },
  { operation: 'take' },
);

const FULL = 100_000;
let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  const jars = 'CREATE TABLE jar (id text PRIMARY KEY, cookies integer NOT NULL, version bigint NOT NULL)';
  await database.pool.query([ASSERT_ROWS_SQL, COUNT_VERSION_SQL, OUTBOX_SQL, IDEMPOTENCY_SQL, jars].join(';'));
  const entities = [Jar, IdempotencyKey];
  dataSource = await new DataSource({ type: 'postgres', url: database.url, entities, poolSize: 1 }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});
beforeEach(() => database.pool.query(`TRUNCATE jar, idempotency_key; INSERT INTO jar VALUES ('tin', ${FULL}, 1)`));

function instance(observer?: UnitOfWorkObserver): UnitOfWork {
  const relay = new OutboxRelay(database.pool as unknown as Executor, { publish: () => Promise.resolve() });
  const environment = { tables: new Tables(dataSource), source: 'spec', shardOf: () => 0, now: Date.now };
  return new UnitOfWork(database.pool, environment, relay, { ...DEFAULT_LIMITS, conflictsMax: 1_000 }, observer);
}
const cookies = async (): Promise<number> =>
  (await database.pool.query<{ cookies: number }>('SELECT cookies FROM jar')).rows[0]?.cookies ?? NaN;

/** Fifty requests at once, to as many instances in turn. */
const fifty = <T>(instances: number, request: (unitOfWork: UnitOfWork, at: number) => Promise<T>): Promise<T>[] => {
  const all = Array.from({ length: instances }, () => instance());
  return Array.from({ length: 50 }, (_, at) => request(all[at % instances] ?? instance(), at));
};

it.each([2, 4])(
  'fifty equal requests with one key to %s instances have one effect and forty-nine replays',
  async (n) => {
    for (let round = 1; round <= 20; round++) {
      const request = keyed(`key ${round}`, { take: 3 }, 3);
      const answers = await Promise.all(fifty(n, (unitOfWork) => unitOfWork.request(take, request)));
      expect(await cookies()).toBe(FULL - 3 * round);
      expect(answers.filter(({ replayed }) => replayed)).toHaveLength(49);
      expect(new Set(answers.map(({ answer }) => answer.left))).toEqual(new Set([FULL - 3 * round]));
    }
  },
);

it('fifty different requests with one key: one has an effect, the others are refused', async () => {
  const requests = fifty(2, (unitOfWork, at) => unitOfWork.request(take, keyed('key', { take: at + 1 }, at + 1)));
  const settled = await Promise.allSettled(requests);
  const refused = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  expect(refused).toHaveLength(49);
  for (const error of refused) expect(error).toMatchObject({ problem: PROBLEMS.idempotencyKeyReused });
  const { rows } = await database.pool.query(`SELECT (response ->> 'left')::int AS left FROM idempotency_key`);
  expect(rows).toEqual([{ left: await cookies() }]);
});

it('requests with keys of their own share commits as those without do', async () => {
  let commits = 0;
  const unitOfWork = instance({ committed: () => commits++ });
  await Promise.all(Array.from({ length: 50 }, (_, at) => unitOfWork.request(take, keyed(`key ${at}`, 1, 1))));
  expect(await cookies()).toBe(FULL - 50);
  expect(commits).toBeLessThan(4);
});
