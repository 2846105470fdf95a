import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../migrations/index.js';
import { FORGET_CHUNK, forgetChunk } from './forget-keys.js';

/** Goal: the table holds the keys of the promised days and no more; a key within its time is answered from, whatever is purged. */
let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await new DataSource({ type: 'postgres', url: database.url, migrations: MIGRATIONS }).initialize();
  await dataSource.runMigrations();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

it('idempotency keys are deleted in chunks after their retention, so that the table stays bounded', async () => {
  const RETAIN_DAYS = 7;
  const DAILY = 2_500;
  const gone: number[] = [];
  for (let day = 0; day < 15; day += 1) {
    await database.pool.query(
      `INSERT INTO idempotency_key SELECT $1 || '/' || n, 'hash', '{}', now(), 1 FROM generate_series(1, $2::int) AS n`,
      [`day ${day}`, DAILY],
    );
    do gone.push(await forgetChunk(database, RETAIN_DAYS));
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
