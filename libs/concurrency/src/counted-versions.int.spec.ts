import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { COUNT_VERSION_SQL, countVersionsSql, uncountVersionsSql } from './index.js';

/**
 * Goal: PostgreSQL counts the version of a row up when an UPDATE did not, and leaves it alone when the UPDATE did.
 * Method: UPDATEs by hand on two tables, one of them with names that must be quoted.
 */
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(
    `${COUNT_VERSION_SQL}
     CREATE TABLE jar (id text PRIMARY KEY, beans integer, version integer);
     CREATE TABLE "odd ""name" ("the 'key" text PRIMARY KEY, beans integer, "Rev %I" integer NOT NULL);
     ${countVersionsSql({ table: 'jar', key: 'id' })}
     ${countVersionsSql({ table: 'odd "name', key: "the 'key", version: 'Rev %I' })}`,
  );
});
afterAll(() => database.drop());
beforeEach(() => database.pool.query(`TRUNCATE jar; INSERT INTO jar VALUES ('a', 1, 1), ('b', 1, 7), ('c', 1, NULL)`));

const versions = async (): Promise<Record<string, number>> => {
  const { rows } = await database.pool.query<{ id: string; version: number }>('SELECT id, version FROM jar');
  return Object.fromEntries(rows.map(({ id, version }) => [id, version]));
};

it('an UPDATE that leaves the version gets it counted once for each row, a NULL version included', async () => {
  await database.pool.query('UPDATE jar SET beans = beans + 1');
  expect(await versions()).toEqual({ a: 2, b: 8, c: 1 });
});

it('an UPDATE that sets the version itself, forward or back, is left alone', async () => {
  await database.pool.query(`UPDATE jar SET version = version + 1 WHERE id = 'a'`);
  await database.pool.query(`UPDATE jar SET version = 3 WHERE id = 'b'`);
  expect(await versions()).toEqual({ a: 2, b: 3, c: null });
});

it('an UPDATE of the key is counted under the new key', async () => {
  await database.pool.query(`UPDATE jar SET id = 'z' WHERE id = 'a'`);
  expect(await versions()).toEqual({ z: 2, b: 7, c: null });
});

it('two UPDATEs of one transaction are counted twice, and a rollback undoes both', async () => {
  const client = await database.pool.connect();
  try {
    await client.query(`BEGIN; UPDATE jar SET beans = 2 WHERE id = 'a'; UPDATE jar SET beans = 3 WHERE id = 'a'`);
    expect((await client.query(`SELECT version FROM jar WHERE id = 'a'`)).rows).toEqual([{ version: 3 }]);
    await client.query('ROLLBACK');
  } finally {
    client.release();
  }
  expect(await versions()).toMatchObject({ a: 1 });
});

it('a table whose names must be quoted is counted until the trigger is dropped', async () => {
  await database.pool.query(`INSERT INTO "odd ""name" VALUES ('it''s', 1, 1); UPDATE "odd ""name" SET beans = 2`);
  await database.pool.query(`${uncountVersionsSql('odd "name')} UPDATE "odd ""name" SET beans = 3`);
  expect((await database.pool.query('SELECT * FROM "odd ""name"')).rows).toEqual([
    { "the 'key": "it's", beans: 3, 'Rev %I': 2 },
  ]);
});
