import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { ProductListed, TOPICS } from '@backstep/contracts';
import { BatchConsumer, createTopics } from '@backstep/kafka';
import { createApp, createLogger, drain, loadConfig, platformConfig, type PlatformApp } from '@backstep/service';
import { createTestDatabase, requireInfrastructure, waitUntil, type TestDatabase } from '@backstep/testing';
import { INVENTORY_CONFIG } from '../config.js';
import { InventoryModule } from '../inventory.module.js';
import { ANNOUNCE_MAX } from './announce-products.js';

/**
 * Goal: whoever keeps a copy of the products has all of them, as they are now, after one round, though it has never heard of them; and a
 * round is no flood. Method: the whole application on a real PostgreSQL and Kafka, and a reader that begins with nothing.
 */
const PRODUCTS = ANNOUNCE_MAX * 2 + 1;
const { kafkaBrokers } = requireInfrastructure();

let database: TestDatabase;
let platform: PlatformApp;
let reader: BatchConsumer;
/** In the order in which they were told. */
const told: { readonly sku: string; readonly version: string; readonly atMs: number }[] = [];
const run = newId();

beforeAll(async () => {
  await createTopics(kafkaBrokers, TOPICS);
  database = await createTestDatabase();
  const config = loadConfig(
    { ...platformConfig(0), ...INVENTORY_CONFIG },
    { DATABASE_URL: database.url, KAFKA_BROKERS: kafkaBrokers.join(','), ANNOUNCE_PRODUCTS_EVERY_MS: '1000' },
  );
  const logger = createLogger({ service: 'inventory', level: 'error', destination: { write: () => true } });
  platform = await createApp({ name: 'inventory', module: InventoryModule, config, logger });
  reader = new BatchConsumer(
    {
      brokers: kafkaBrokers,
      clientId: 'spec',
      groupId: `copy-${run}`,
      topics: [ProductListed.topic],
      onCrash: () => undefined,
    },
    ({ messages }) => {
      for (const { key, headers } of messages) {
        if (headers['ce_type'] !== ProductListed.name || !key?.endsWith(run)) continue;
        told.push({ sku: key, version: headers['ce_aggregateversion'] ?? '', atMs: performance.now() });
      }
      return Promise.resolve();
    },
  );
  reader.start();
});
afterAll(async () => {
  await reader.close();
  await drain(platform, 'the test is over');
  await database.drop();
});

const sku = (n: number): string => `${String(n).padStart(4, '0')}-${run}`;

it('all products are announced again and again, a chunk a turn, and are not changed', async () => {
  // Nobody was ever told of these, as after both a disk and a copy are lost.
  await database.pool.query(
    `INSERT INTO product (sku, name, currency, price, version) SELECT sku, 'Cup', 'EUR', 500, 3 FROM unnest($1::text[]) AS sku`,
    [Array.from({ length: PRODUCTS }, (_, n) => sku(n))],
  );
  await platform.app.init();
  const times = (count: number) => () => {
    const heard = new Map<string, number>();
    for (const one of told) heard.set(one.sku, (heard.get(one.sku) ?? 0) + 1);
    return heard.size === PRODUCTS && [...heard.values()].every((often) => often >= count);
  };
  await waitUntil('all were told', times(1), 60_000);
  expect(new Set(told.map(({ version }) => version))).toEqual(new Set(['3']));
  // Each chunk has a turn of its own: nobody of the third is told before all of the first.
  const first = new Set(Array.from({ length: ANNOUNCE_MAX }, (_, n) => sku(n)));
  const lastOfFirst = Math.max(...[...first].map((one) => told.find((heard) => heard.sku === one)?.atMs ?? NaN));
  expect(told.find((heard) => heard.sku === sku(PRODUCTS - 1))?.atMs).toBeGreaterThan(lastOfFirst);
  await waitUntil('all were told again', times(2), 60_000);
  const { rows } = await database.pool.query('SELECT DISTINCT version::float8 AS version FROM product');
  expect(rows).toEqual([{ version: 3 }]);
});
