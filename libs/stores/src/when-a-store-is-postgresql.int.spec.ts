import { createTestDatabase } from '@backstep/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VersionConflictError } from './index.js';
import { PostgresStore, postgresTables } from './postgres/index.js';
import { describeVersionedStore } from './testing/index.js';

/**
 * Goal: rows in PostgreSQL keep the contract of a versioned store, alone and in a transaction of the caller's.
 * Method: the suite, and transactions of two clients, on the real PostgreSQL.
 */
const ODD = { rows: 'rows "of" a shop', outbox: 'its outbox' };
let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(postgresTables());
  await database.pool.query(postgresTables(ODD));
});
afterAll(() => database?.drop());

describeVersionedStore('PostgreSQL', () => new PostgresStore(database.pool), { runner: { describe, it } });

it('PostgreSQL store uses the tables that it is told', async () => {
  const store = new PostgresStore(database.pool, ODD);
  await store.putWithRecord('loaf', 1, undefined, { id: 'baked', payload: null });
  expect(await store.get('loaf')).toEqual({ value: 1, version: 1 });
  expect(await new PostgresStore(database.pool).get('loaf')).toBeUndefined();
});

it('PostgreSQL store writes neither the row nor the record when the record cannot be written', async () => {
  const store = new PostgresStore(database.pool);
  await store.putWithRecord('first', 1, undefined, { id: 'same id', payload: 1 });
  await expect(store.putWithRecord('second', 1, undefined, { id: 'same id', payload: 2 })).rejects.toThrow(
    /duplicate key/,
  );
  expect(await store.get('second')).toBeUndefined();
});

it.each(['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'])(
  'PostgreSQL store refuses what a transaction at %s has read before another wrote it',
  async (level) => {
    const key = `row at ${level}`;
    const outside = new PostgresStore(database.pool);
    await outside.put(key, 'first', undefined);
    const client = await database.pool.connect();
    try {
      await client.query(`BEGIN ISOLATION LEVEL ${level}`);
      const inside = new PostgresStore(client);
      const read = await inside.get(key);
      await outside.put(key, 'second', 1);
      await expect(inside.put(key, 'stale', read?.version)).rejects.toThrow(VersionConflictError);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
    expect(await outside.get(key)).toEqual({ value: 'second', version: 2 });
  },
);
