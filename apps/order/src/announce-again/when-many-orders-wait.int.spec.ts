import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../migrations/index.js';
import { ANNOUNCE_MAX, forgetAnnouncements, takeDueAnnouncements } from './due-announcements.js';

/**
 * Goal: every pending order has its turn to be announced again, however many wait before it that are announced in vain, and these are
 * announced ever more rarely. Method: the service's own tables on a real PostgreSQL; time passes by moving what is written down.
 */
const AFTER_MS = 60_000;

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
beforeEach(() => database.pool.query('TRUNCATE orders, order_announcement, outbox'));

async function place(count: number, ageMs: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId());
  await database.pool.query(
    `INSERT INTO orders (id, status, currency, total, items, payment_method, shipping_address, created_at, version)
     SELECT id, 'PENDING', 'EUR', 1, '[]', 'pm', '{}', now() - make_interval(secs => $2::double precision / 1000), 1
     FROM unnest($1::uuid[]) AS id`,
    [ids, ageMs],
  );
  return ids;
}

const take = async () => (await takeDueAnnouncements(database, AFTER_MS)).map(({ id }) => id);
const passes = (ms: number) =>
  database.pool.query(
    `UPDATE order_announcement SET next_at = next_at - make_interval(secs => $1::double precision / 1000)`,
    [ms],
  );

it('an order whose message was lost is announced in the second turn, behind 210 that wait for a person', async () => {
  await place(210, 10 * AFTER_MS);
  const [lost = ''] = await place(1, 2 * AFTER_MS);
  await place(5, AFTER_MS / 2);
  const first = await take();
  expect(first).toHaveLength(ANNOUNCE_MAX);
  const second = await take();
  expect(second).toHaveLength(11);
  expect(second).toContain(lost);
  expect(new Set([...first, ...second]).size).toBe(211);
  expect(await take()).toEqual([]);
});

it('an order is announced again by the instance that is responsible for it alone, however many of others are due before it', async () => {
  await place(ANNOUNCE_MAX + 1, 10 * AFTER_MS);
  const [own] = await place(1, 2 * AFTER_MS);
  const taken = await takeDueAnnouncements(database, AFTER_MS, (id) => id === own);
  expect(taken.map(({ id }) => id)).toEqual([own]);
  expect(await take()).not.toContain(own);
});

it('an order is announced again at growing intervals, and at least once an hour', async () => {
  const [id] = await place(1, 2 * AFTER_MS);
  for (const afterMs of [AFTER_MS / 2, AFTER_MS, 2 * AFTER_MS, 4 * AFTER_MS]) {
    expect(await take()).toEqual([id]);
    await passes(afterMs - 5_000);
    expect(await take()).toEqual([]);
    await passes(5_000);
  }
  await database.pool.query('UPDATE order_announcement SET attempts = 1000');
  expect(await take()).toEqual([id]);
  await passes(3_600_000);
  expect(await take()).toEqual([id]);
});

it('an order whose message is still in the outbox is not announced again', async () => {
  const [id] = await place(1, 2 * AFTER_MS);
  await database.pool.query(
    `INSERT INTO outbox (id, shard, topic, key, headers, value) VALUES ($1::uuid, 0, 'order.events', $2, '{}', '{}')`,
    [newId(), id],
  );
  expect(await take()).toEqual([]);
  await database.pool.query('TRUNCATE outbox');
  expect(await take()).toEqual([id]);
});

it('an order that is held by a change is announced again, by when the change began', async () => {
  const [held, fresh] = await place(2, 10 * AFTER_MS);
  const change = (ageMs: number) => ({
    ...{ kind: 'cancel', id: newId(), from: 'CONFIRMED' },
    since: new Date(Date.now() - ageMs).toISOString(),
  });
  const hold = (id: string | undefined, ageMs: number) =>
    database.pool.query(`UPDATE orders SET status = 'CANCELLING', change = $2 WHERE id = $1`, [id, change(ageMs)]);
  await hold(held, 2 * AFTER_MS);
  await hold(fresh, AFTER_MS / 2);
  expect(await take()).toEqual([held]);
  await database.pool.query(`UPDATE orders SET status = 'CANCELLED', change = NULL`);
  await forgetAnnouncements(database);
  expect((await database.pool.query('SELECT 1 FROM order_announcement')).rowCount).toBe(0);
});

it('an order that has ended loses its row of announcements', async () => {
  await place(3, 2 * AFTER_MS);
  await take();
  await database.pool.query(`UPDATE orders SET status = 'CONFIRMED'`);
  await forgetAnnouncements(database);
  expect((await database.pool.query('SELECT 1 FROM order_announcement')).rowCount).toBe(0);
});
