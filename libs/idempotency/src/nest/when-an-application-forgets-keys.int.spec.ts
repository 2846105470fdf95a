import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import type { Executor } from '@backstep/concurrency';
import { Database, PeriodicJobs } from '@backstep/messaging';
import { createTestDatabase, waitUntil, type TestDatabase } from '@backstep/testing';
import { UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { IDEMPOTENCY_MIGRATIONS } from '../index.js';
import { IdempotencyModule } from './index.js';

/**
 * Goal: an application that imports the module deletes keys after as many days as its configuration says, and none before.
 * Method: a NestJS application on a real PostgreSQL; the minute between two turns passes on a clock of the spec's own.
 */
const CONFIG = Symbol('config');
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const migrations = [...UNIT_OF_WORK_MIGRATIONS, ...IDEMPOTENCY_MIGRATIONS];
  const dataSource = new DataSource({ type: 'postgres', url: database.url, migrations, poolSize: 1 });
  await dataSource.initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
});
afterEach(() => void jest.useRealTimers());
afterAll(() => database.drop());

it('a key older than the configured days is deleted within a minute, and a younger one is kept', async () => {
  await database.pool.query(
    `INSERT INTO idempotency_key SELECT 'day ' || n, 'hash', '{}', now() - make_interval(days => n), 1 FROM generate_series(0, 4) AS n`,
  );
  const jobs = new PeriodicJobs({ warn: () => undefined }, new AbortController().signal);
  @Global()
  @Module({
    providers: [
      { provide: CONFIG, useValue: { KEEP_DAYS: 2 } },
      { provide: Database, useValue: { executor: database.pool as unknown as Executor } },
      { provide: PeriodicJobs, useValue: jobs },
    ],
    exports: [CONFIG, Database, PeriodicJobs],
  })
  class Surroundings {}
  @Module({
    imports: [
      Surroundings,
      IdempotencyModule.forRoot({ config: CONFIG, retainDays: ({ KEEP_DAYS }: { KEEP_DAYS: number }) => KEEP_DAYS }),
    ],
  })
  class Application {}

  jest.useFakeTimers({
    doNotFake: [
      'Date',
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'setTimeout',
      'clearTimeout',
    ],
  });
  const application = await NestFactory.createApplicationContext(Application, { logger: ['error'] });
  jest.advanceTimersByTime(60_000);
  jest.useRealTimers();
  const keys = async (): Promise<string[]> => {
    const { rows } = await database.pool.query<{ key: string }>('SELECT key FROM idempotency_key ORDER BY key');
    return rows.map(({ key }) => key);
  };
  await waitUntil('old keys are deleted', async () => (await keys()).length < 5);
  expect(await keys()).toEqual(['day 0', 'day 1']);
  jobs.stop();
  await application.close();
});
