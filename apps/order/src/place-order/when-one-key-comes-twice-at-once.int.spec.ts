import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Tables, type Executor } from '@backstep/concurrency';
import { IdempotencyKey, keyed } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import type { PlaceOrderRequest } from '@backstep/contracts/http';
import { OutboxRelay } from '@backstep/outbox';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { DEFAULT_LIMITS, UnitOfWork, type UnitOfWorkObserver } from '@backstep/unit-of-work';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../migrations/index.js';
import { Customer } from '../customer/customer.entity.js';
import { Order } from '../order/order.entity.js';
import { ProductPrice } from '../product-price/product-price.entity.js';
import { placeOrderOnce } from './place-order.handler.js';

/**
 * Goal: one key makes one order, whoever is asked, however often, at the same moment (I1); and the order, its key and its
 * announcement are there together. Method: several instances of the service on one PostgreSQL with the service's own tables.
 */
let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await new DataSource({
    type: 'postgres',
    url: database.url,
    entities: [Order, IdempotencyKey, ProductPrice, Customer],
    migrations: MIGRATIONS,
    poolSize: 2,
  }).initialize();
  await dataSource.runMigrations();
  await database.pool.query(`INSERT INTO product_price VALUES ('cup', 'Cup', 'EUR', 500, 1, 1)`);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});
beforeEach(() => database.pool.query('TRUNCATE orders, idempotency_key, outbox'));

/** Its relay reaches nobody, so that what is announced stays to be counted. */
function instance(observer?: UnitOfWorkObserver): UnitOfWork {
  const executor = database.pool as unknown as Executor;
  const relay = new OutboxRelay(executor, { publish: () => new Promise(() => undefined) });
  const environment = { tables: new Tables(dataSource), source: 'order', shardOf: () => 0, now: Date.now };
  return new UnitOfWork(database.pool, environment, relay, DEFAULT_LIMITS, observer);
}

const order: PlaceOrderRequest = {
  items: [{ sku: 'cup', quantity: 2 }],
  paymentMethod: 'pm_card_visa',
  shippingAddress: { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
};
const place = (unitOfWork: UnitOfWork, idempotencyKey: string, changes: Partial<PlaceOrderRequest> = {}) => {
  const asked = { ...order, ...changes };
  const newOrder = { orderId: newId(), order: asked, traceparent: undefined };
  return unitOfWork.request(placeOrderOnce, keyed(idempotencyKey, asked, newOrder));
};
const count = async (table: string): Promise<number> =>
  (await database.pool.query(`SELECT FROM ${table}`)).rowCount ?? 0;
const counts = () => Promise.all(['orders', 'idempotency_key', 'outbox'].map(count));

it('twenty equal requests with one key to four instances place one order and get the same answer', async () => {
  const instances = Array.from({ length: 4 }, () => instance());
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => place(instances[n % 4] ?? instance(), 'key')));
  expect(await counts()).toEqual([1, 1, 1]);
  expect(answers.filter(({ replayed }) => replayed)).toHaveLength(19);
  for (const { answer } of answers) expect(answer).toEqual(answers[0]?.answer);
});

it('twenty different requests with one key: one order is placed, the others are refused', async () => {
  const instances = Array.from({ length: 4 }, () => instance());
  const settled = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) =>
      place(instances[n % 4] ?? instance(), 'key', { items: [{ sku: 'cup', quantity: n + 1 }] }),
    ),
  );
  expect(await counts()).toEqual([1, 1, 1]);
  expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(19);
});

it('twenty requests with twenty keys place twenty orders in few commits', async () => {
  let commits = 0;
  const one = instance({ committed: () => commits++ });
  await Promise.all(Array.from({ length: 20 }, (_, n) => place(one, `key ${n}`)));
  expect(await counts()).toEqual([20, 20, 20]);
  expect(commits).toBeLessThan(3);
});
