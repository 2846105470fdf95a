import { countedTables, entitiesIn } from '@backstep/concurrency/testing';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { MIGRATIONS } from './index.js';

/**
 * Goal: no row of order that somebody changes by hand is written over.
 * Method: all migrations on a new database, which is asked about the table of each entity with a `@Version()`.
 */
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('each versioned table of order has its versions counted by PostgreSQL', async () => {
  const entities = await entitiesIn(join(import.meta.dirname, '..'));
  const counted = await countedTables({ url: database.url, entities, migrations: MIGRATIONS });
  expect(counted).toEqual({
    customer: true,
    hand_over: true,
    order_revision: true,
    orders: true,
    product_price: true,
  });
});
