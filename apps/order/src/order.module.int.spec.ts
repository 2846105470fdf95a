import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CATALOGUE, ConfirmOrder, ProductListed } from '@backstep/contracts';
import { PLACE_ORDERS, PlaceOrdersAnswer, type PlacedOrder, type PlaceOrderResult } from '@backstep/contracts/http';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { newId, type Message } from '@backstep/messages';
import { PROBLEMS } from '@backstep/problems';
import { createApp, createLogger, loadConfig, platformConfig, type PlatformApp } from '@backstep/service';
import { Messaging } from '@backstep/messaging';
import { aMessage } from '@backstep/messages/testing';
import { createTestDatabase, waitUntil, type TestDatabase } from '@backstep/testing';
import { ORDER_CONFIG } from './config.js';
import { OrderModule } from './order.module.js';

/** Goal: what the gateway asks the service for. Method: the whole application on PostgreSQL; Kafka is away, which must not matter. */
const PENDING_MAX = 4;
/** So long the service knows that orders end: a busy machine takes longer than the default for what is done in between. */
const PENDING_MAX_MS = 60_000;
let database: TestDatabase;
let platform: PlatformApp;
let base: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const config = loadConfig(
    { ...platformConfig(0), ...ORDER_CONFIG },
    {
      DATABASE_URL: database.url,
      KAFKA_BROKERS: '127.0.0.1:1',
      PENDING_ORDERS_MAX: String(PENDING_MAX),
      PENDING_MAX_MS: String(PENDING_MAX_MS),
      LOG_LEVEL: 'error',
    },
  );
  const logger = createLogger({ service: 'order', level: 'error' });
  platform = await createApp({ name: 'order', module: OrderModule, config, logger });
  await platform.app.listen(0, '127.0.0.1');
  base = await platform.app.getUrl();
  await deliver(aMessage(ProductListed, { sku: 'cup', name: 'Cup', price: 500, currency: 'EUR' }));
});
afterAll(async () => {
  await platform.app.close();
  await database.drop();
});
beforeEach(() => database.pool.query('TRUNCATE orders, idempotency_key'));

const deliver = (...messages: Message[]): Promise<void> =>
  platform.app.get(Messaging).consumer.deliver(
    messages.map((message, at) => ({
      ...CATALOGUE.encode(message),
      partition: 0,
      offset: String(at),
      timestamp: Date.now(),
    })),
  );

const order = {
  items: [{ sku: 'cup', quantity: 2 }],
  paymentMethod: 'pm_card_visa',
  shippingAddress: { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
};
const listed = (idempotencyKey: string, changes: object = {}) => ({
  idempotencyKey,
  requestId: `request of ${idempotencyKey}`,
  order: { ...order, ...changes },
});

async function post(body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(base + PLACE_ORDERS.path, { method: 'POST', headers, body: JSON.stringify(body) });
}
/** What comes back is held against the whole declaration, values included. */
async function place(orders: unknown[], waitSeconds = 0): Promise<PlaceOrderResult[]> {
  const response = await post({ orders, waitSeconds });
  expect(response.status).toBe(200);
  return PlaceOrdersAnswer.parse(await response.json()).results;
}
const orderOf = (result: PlaceOrderResult | undefined): PlacedOrder | undefined =>
  result && 'order' in result ? result : undefined;
const statusOf = (result: PlaceOrderResult): number => ('order' in result ? 202 : result.problem.status);
const stored = async (): Promise<string[]> =>
  (await database.pool.query<{ id: string }>('SELECT id FROM orders')).rows.map(({ id }) => id);

describe('a list of orders', () => {
  it('a list of orders gets a result for each order, in the same order', async () => {
    const results = await place([
      listed('one'),
      listed('two', { items: [{ sku: 'tea', quantity: 1 }] }),
      listed('three', { items: [] }),
      'what?',
      listed('four'),
      listed('', {}),
    ]);
    expect(results.map(statusOf)).toEqual([202, 422, 400, 400, 202, 400]);
    expect(results[0]).toMatchObject({ replayed: false, order: { status: 'PENDING', total: 1_000, version: 1 } });
    expect(results[1]).toMatchObject({ problem: { type: SHOP_PROBLEMS.unknownSku.type, skus: ['tea'] } });
    expect(results[2]).toMatchObject({ problem: { errors: [{ field: 'order.items' }] } });
    const placed = [results[0], results[4]].map((result) => orderOf(result)?.order.id);
    expect((await stored()).toSorted()).toEqual(placed.toSorted());
  });

  it('a list that has an order twice, or comes twice, places the order once', async () => {
    const results = await place([listed('key'), listed('key')]);
    expect(results.map((result) => orderOf(result)?.replayed).toSorted()).toEqual([false, true]);
    const [again] = await place([listed('key')]);
    expect(again).toMatchObject({ replayed: true });
    const [other] = await place([listed('key', { items: [{ sku: 'cup', quantity: 3 }] })]);
    expect(other).toMatchObject({ problem: { type: PROBLEMS.idempotencyKeyReused.type } });
    expect(await stored()).toEqual([orderOf(results[0])?.order.id]);
  });

  it.each([
    {},
    { orders: [] },
    { orders: Array.from({ length: PLACE_ORDERS.ordersMax + 1 }, () => listed('key')) },
    { orders: [listed('key')], waitSeconds: PLACE_ORDERS.waitMaxSeconds + 1 },
    { orders: [listed('key')], wait: 1 },
  ])('a list that breaks its schema is refused as a whole (%#)', async (body) => {
    expect((await post(body)).status).toBe(400);
    expect(await stored()).toEqual([]);
  });
});

it('orders beyond admission are refused with Retry-After, and accepted when others have ended', async () => {
  const many = await place(Array.from({ length: PENDING_MAX + 1 }, (_, at) => listed(`first ${at}`)));
  // Nothing has ended yet: it may be that something is away, and then all are taken.
  const ids = many.map((result) => orderOf(result)?.order.id ?? '');
  expect(many.map(statusOf)).toEqual(ids.map(() => 202));

  const end = (id = ''): Promise<void> => deliver(aMessage(ConfirmOrder, { orderId: id }));
  await end(ids.pop());
  const [refused] = await place([listed('refused')]);
  expect(refused).toMatchObject({
    problem: { type: PROBLEMS.overloaded.type, status: 503 },
    headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
  });
  expect(await stored()).toHaveLength(PENDING_MAX + 1);

  await end(ids.pop());
  const taken = await waitUntil('the refused one to be let in', async () => {
    const [result] = await place([listed('refused')]);
    return orderOf(result);
  });
  expect(taken).toMatchObject({ replayed: false });
});

it('an order with Prefer: wait is answered with its outcome', async () => {
  // Those before it are ended or gone, of which the service learns within a second: until then it lets nothing in.
  const placing = waitUntil('the order to be let in', async () =>
    orderOf((await place([listed('waits')], PLACE_ORDERS.waitMaxSeconds))[0]),
  );
  const [id = ''] = await waitUntil('the order to be stored', async () => {
    const ids = await stored();
    return ids.length === 1 && ids;
  });
  await deliver(aMessage(ConfirmOrder, { orderId: id }));
  expect(await placing).toMatchObject({ replayed: false, order: { id, status: 'CONFIRMED', version: 2 } });
});

it.each(['nonsense', newId(), `sagas.1.${newId()}`])(
  'the list of orders refuses the foreign cursor %s',
  async (cursor) => {
    const response = await fetch(`${base}/orders?cursor=${cursor}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ in: 'query', field: 'cursor' }] });
  },
);

const TEN = Date.UTC(2026, 0, 1, 10);
const time = (ms: number): string => new Date(TEN + ms).toISOString();
let copies = 0;
/** The id of an order that was placed so many milliseconds after ten: it begins with its time. Of one millisecond the later is the greater. */
function idAt(ms: number): string {
  const hex = (TEN + ms).toString(16).padStart(12, '0');
  copies += 1;
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${String(copies).padStart(12, '0')}`;
}
/** Copies of an order that there is, as if each had been placed so many milliseconds after ten. @returns their ids */
async function placedAt(...times: readonly number[]): Promise<string[]> {
  const ids = times.map(idAt);
  await database.pool.query(
    `INSERT INTO orders SELECT copy.* FROM (SELECT * FROM orders LIMIT 1) AS o, unnest($1::uuid[], $2::float8[]) AS x (id, at),
       jsonb_populate_record(o::orders, jsonb_build_object('id', x.id, 'created_at', to_timestamp(x.at / 1000))) AS copy`,
    [ids, times.map((ms) => TEN + ms)],
  );
  return ids;
}
async function listOf(query: string): Promise<{ readonly ids: string[]; readonly next: string | null }> {
  const response = await fetch(`${base}/orders?${query}`);
  const { items, nextCursor } = (await response.json()) as { items: { id: string }[]; nextCursor: string | null };
  return { ids: items.map(({ id }) => id), next: nextCursor };
}

it('orders are listed by when they were placed, from a moment and before one', async () => {
  await place([listed('now')]);
  const [now = ''] = await stored();
  const [then] = await placedAt(0);
  const ids = async (query: string) => (await listOf(query)).ids;
  expect(await ids('')).toEqual([now, then]);
  expect(await ids(`to=${time(1)}`)).toEqual([then]);
  expect(await ids(`to=${time(0)}`)).toEqual([]);
  expect(await ids(`from=${time(0)}`)).toEqual([now, then]);
  expect(await ids(`from=${time(1)}`)).toEqual([now]);
  expect(await ids(`from=${time(0)}&to=${time(1)}`)).toEqual([then]);
});

it('the pages of a span have each order of it once, also of those that were placed in one millisecond, whatever is placed meanwhile', async () => {
  await place([listed('now')]);
  // The first two and the last two are without.
  const placed = await placedAt(0, 0, 1, 1, 2, 2, 3, 3);
  const span = `from=${time(1)}&to=${time(3)}&limit=1`;
  const pages: string[][] = [];
  let newer: string | undefined;
  let cursor = '';
  do {
    const { ids, next } = await listOf(`${span}${cursor}`);
    pages.push(ids);
    cursor = `&cursor=${next ?? ''}`;
    if (next === null) break;
    // One of the span, newer than those that were read, and one that is newer than the span.
    if (pages.length === 1) [newer] = await placedAt(2, 3);
  } while (pages.length < 10);
  expect(pages).toEqual(
    placed
      .slice(2, 6)
      .reverse()
      .map((id) => [id]),
  );
  // A cursor from without: of a newer order it is the beginning, of an older one there is nothing behind it.
  expect((await listOf(`${span}&cursor=orders.${placed[7] ?? ''}`)).ids).toEqual([newer]);
  expect(await listOf(`${span}&cursor=orders.${placed[1] ?? ''}`)).toEqual({ ids: [], next: null });
});
