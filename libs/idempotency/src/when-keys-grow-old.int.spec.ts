import type { Executor } from '@backstep/concurrency';
import { countedTables } from '@backstep/concurrency/testing';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { FORGET_CHUNK, forgetChunk, IDEMPOTENCY_MIGRATIONS, IdempotencyKey, KEY_MAX_CHARS } from './index.js';

/**
 * Goal: the table holds the keys of the promised days and no more, a key within its time is answered from, whatever is purged; and a service
 * that has the table already keeps what is in it.
 */
const MIGRATIONS = [...UNIT_OF_WORK_MIGRATIONS, ...IDEMPOTENCY_MIGRATIONS];
let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

async function migrate(): Promise<void> {
  const dataSource = new DataSource({ type: 'postgres', url: database.url, migrations: MIGRATIONS, poolSize: 1 });
  await dataSource.initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
}

it('idempotency keys are deleted in chunks after their retention, so that the table stays bounded', async () => {
  await migrate();
  const executor = database.pool as unknown as Executor;
  const RETAIN_DAYS = 7;
  const DAILY = 2_500;
  const gone: number[] = [];
  for (let day = 0; day < 15; day += 1) {
    await database.pool.query(
      `INSERT INTO idempotency_key SELECT $1 || '/' || n, 'hash', '{}', now(), 1 FROM generate_series(1, $2::int) AS n`,
      [`day ${day}`, DAILY],
    );
    do gone.push(await forgetChunk(executor, RETAIN_DAYS));
    while (gone.at(-1) === FORGET_CHUNK);
    const { rows } = await database.pool.query<{ keys: number; young: number }>(
      `SELECT count(*)::int AS keys, (count(*) FILTER (WHERE key LIKE 'day ' || $1 || '/%'))::int AS young FROM idempotency_key`,
      [day],
    );
    expect(rows).toEqual([{ keys: DAILY * Math.min(day + 1, RETAIN_DAYS), young: DAILY }]);
    await database.pool.query(`UPDATE idempotency_key SET created_at = created_at - interval '1 day 1 second'`);
  }
  expect(Math.max(...gone)).toBe(FORGET_CHUNK);
});

it('the versions of keys are counted by PostgreSQL, and no key is longer than a client and an operation can make it', async () => {
  const counted = await countedTables({ url: database.url, entities: [IdempotencyKey], migrations: MIGRATIONS });
  expect(counted).toEqual({ idempotency_key: true });
  const put = (chars: number) =>
    database.pool.query(`INSERT INTO idempotency_key VALUES (repeat('k', $1), 'hash', '{}', now(), 1)`, [chars]);
  await put(2 * KEY_MAX_CHARS + 1);
  await expect(put(2 * KEY_MAX_CHARS + 2)).rejects.toThrow('idempotency_key_is_short');
});

it('a table of keys that is there already is kept, with its rows', async () => {
  await database.pool.query(
    `CREATE TABLE idempotency_key (key text PRIMARY KEY, request_hash text NOT NULL, response jsonb NOT NULL,
       created_at timestamptz NOT NULL, version integer NOT NULL);
     INSERT INTO idempotency_key VALUES ('old', 'hash', '{"id": 1}', now(), 1)`,
  );
  await migrate();
  const { rows } = await database.pool.query('SELECT key, response FROM idempotency_key');
  expect(rows).toEqual([{ key: 'old', response: { id: 1 } }]);
});
