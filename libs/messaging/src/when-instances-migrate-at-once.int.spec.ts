import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Database } from './index.js';

/**
 * Goal: instances that start at once migrate once, also where sessions are shared between transactions.
 * Method: three of them open one database, whose migration notes who holds a lock meanwhile, and fails when it runs twice.
 */
class Once1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE lock_holder AS
        SELECT a.state FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
        WHERE l.locktype = 'advisory' AND a.datname = current_database();
      SELECT pg_sleep(0.5)`);
  }
  down(): Promise<void> {
    return Promise.resolve();
  }
}

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('three instances that start at once migrate once, under the lock of a transaction', async () => {
  const logged: string[] = [];
  const log = (message: string): void => void logged.push(message);
  const logger = { debug: log, info: log, warn: log, error: log };
  const open = () =>
    Database.open({ url: database.url, poolMax: 1 }, { entities: [], migrations: [Once1700000000001] }, logger);
  const opened = await Promise.all([open(), open(), open()]);
  await Promise.all(opened.map((one) => one.close()));
  expect(logged.filter((message) => message === 'migrated')).toHaveLength(1);
  const { rows } = await database.pool.query('SELECT state FROM lock_holder');
  expect(rows).toEqual([{ state: 'idle in transaction' }]);
  const { rows: left } = await database.pool.query(
    `SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  expect(left).toEqual([]);
});
