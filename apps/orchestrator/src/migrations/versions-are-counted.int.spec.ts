import { countedTables } from '@backstep/concurrency/testing';
import { SAGA_ENTITIES } from '@backstep/saga/runtime';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MIGRATIONS } from './index.js';

/**
 * Goal: no row of the orchestrator that somebody changes by hand is written over.
 * Method: all migrations on a new database, which is asked about the table of each entity with a `@Version()`.
 */
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('each versioned table of the orchestrator has its versions counted by PostgreSQL', async () => {
  const entities = SAGA_ENTITIES;
  const counted = await countedTables({ url: database.url, entities, migrations: MIGRATIONS });
  expect(counted).toEqual({ saga_instance: true, saga_operation: true });
});
