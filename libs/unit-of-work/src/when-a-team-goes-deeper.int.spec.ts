import { VERSIONED_ROWS_MIGRATIONS } from '@backstep/concurrency';
import { newId } from '@backstep/messages';
import { inbox, INBOX_MIGRATIONS } from '@backstep/inbox';
import { OUTBOX_MIGRATIONS } from '@backstep/outbox';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { UNIT_OF_WORK_MIGRATIONS } from './index.js';

/**
 * Goal: a team that had inbox and outbox alone can add the unit of work and keeps its rows.
 * Method: the migrations of the unit of work after those of inbox and outbox, on one database with rows.
 */
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function migrated(migrations: readonly (new () => object)[]): Promise<DataSource> {
  const dataSource = new DataSource({ type: 'postgres', url: database.url, migrations: [...migrations] });
  await dataSource.initialize();
  await dataSource.runMigrations();
  return dataSource;
}

it('the migrations keep existing inbox and outbox tables with their rows, and give each row a shard with an owner', async () => {
  const alone = [...VERSIONED_ROWS_MIGRATIONS, ...INBOX_MIGRATIONS, ...OUTBOX_MIGRATIONS];
  const before = await migrated(alone);
  const id = newId();
  await before.transaction((manager) => inbox.once(manager, id, () => Promise.resolve()));
  await before.query(`INSERT INTO outbox (id, shard, topic, key, headers, value) VALUES ($1, 13, 't', 'k', '{}', '')`, [
    id,
  ]);
  await before.query(
    `INSERT INTO outbox_parked (key, message_id, shard, topic, cause, error, retry_at) VALUES ('k', $1, 13, 't', 'c', 'e', now())`,
    [id],
  );
  await before.destroy();

  const after = await migrated([...UNIT_OF_WORK_MIGRATIONS, ...alone]);
  try {
    expect(await after.query('SELECT message_id FROM inbox')).toEqual([{ message_id: id }]);
    expect(await after.query('SELECT id, shard FROM outbox')).toEqual([{ id, shard: 0 }]);
    expect(await after.query('SELECT message_id, shard FROM outbox_parked')).toEqual([{ message_id: id, shard: 0 }]);
  } finally {
    await after.destroy();
  }
});
