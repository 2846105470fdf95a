import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CATALOGUE, ConfirmOrder, ProductListed } from '@backstep/contracts';
import { LocalOrders } from '@backstep/contracts/http';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { newId, type Message } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { Messaging } from '@backstep/messaging';
import { PROBLEMS } from '@backstep/problems';
import {
  createApp,
  createLogger,
  loadConfig,
  OPEN_DOORS,
  platformConfig,
  type PlatformApp,
  type ServiceOptions,
  type SharedValue,
} from '@backstep/service';
import { answerLost, createTestDatabase, waitUntil, type TestDatabase } from '@backstep/testing';
import { SERVICES, type HostedService } from './services.js';

/**
 * Goal: a client cannot tell whether the gateway calls the order service in its own process or asks it by request: status, headers, body, what is
 * stored and what is logged are the same, whatever is wrong.
 * Method: one order service and two gateways, the same requests through each. The gateway that calls is told an address where nobody listens. Kafka
 * is away, which concerns neither.
 */
const NOWHERE = 'http://127.0.0.1:1';
const PENDING_MAX = 50;
const WAYS = ['by call', 'by request'] as const;
type Way = (typeof WAYS)[number];
const other = (way: Way): Way => (way === 'by call' ? 'by request' : 'by call');

let database: TestDatabase;
let wayToDatabase: Awaited<ReturnType<typeof answerLost>>;
let order: PlatformApp;
let gateways: Record<Way, PlatformApp>;
let stopping: Promise<void> | undefined;
const stopOrderService = (): Promise<void> => (stopping ??= order.app.close());
/** The log of the order service. */
const lines: string[] = [];

async function start(
  which: HostedService,
  settings: Record<string, string>,
  shared: readonly SharedValue[],
): Promise<PlatformApp> {
  const service: ServiceOptions = await SERVICES[which]();
  const { name, module, access = 'internal' } = service;
  const config = loadConfig({ ...platformConfig(0), ...service.config }, { KAFKA_BROKERS: '127.0.0.1:1', ...settings });
  const logger = createLogger({
    service: name,
    level: 'error',
    destination: { write: (line) => void lines.push(line) },
  });
  const platform = await createApp({ name, module, config, logger, shared, doors: { ...OPEN_DOORS, access } });
  await platform.app.listen(0, '127.0.0.1');
  return platform;
}

beforeAll(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  // A proxy that loses nothing, as nobody says this: it is there to be cut.
  wayToDatabase = await answerLost(Number(url.port), 'never said');
  url.host = `127.0.0.1:${wayToDatabase.port}`;
  const shared = [{ provide: LocalOrders, useValue: new LocalOrders() }];
  order = await start('order', { DATABASE_URL: url.toString(), PENDING_ORDERS_MAX: String(PENDING_MAX) }, shared);
  gateways = {
    'by call': await start('gateway', { ORDER_URL: NOWHERE }, shared),
    'by request': await start('gateway', { ORDER_URL: await order.app.getUrl() }, []),
  };
  await deliver(
    aMessage(ProductListed, { sku: 'cup', name: 'Cup', price: 500, currency: 'EUR' }),
    aMessage(ProductListed, { sku: 'mug', name: 'Mug', price: 700, currency: 'USD' }),
    aMessage(ProductListed, { sku: 'yacht', name: 'Yacht', price: 99_999_999, currency: 'EUR' }),
  );
});
afterAll(async () => {
  await Promise.all(WAYS.map((way) => gateways[way].app.close()));
  await stopOrderService();
  wayToDatabase.close();
  await database.drop();
});

const deliver = (...messages: Message[]): Promise<void> =>
  order.app.get(Messaging).consumer.deliver(
    messages.map((message, at) => ({
      ...CATALOGUE.encode(message),
      partition: 0,
      offset: String(at),
      timestamp: Date.now(),
    })),
  );

const anOrder = (changes: object = {}) => ({
  items: [{ sku: 'cup', quantity: 2 }],
  paymentMethod: 'pm_card_visa',
  shippingAddress: { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
  ...changes,
});
const ofSkus = (...skus: string[]) => anOrder({ items: skus.map((sku) => ({ sku, quantity: 1 })) });

const newTraceId = (): string => newId().replaceAll('-', '');
const traceparentOf = (traceId: string): string => `00-${traceId}-${'b'.repeat(16)}-01`;

interface Asked {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

async function ask(way: Way, { key = newId(), headers = {}, body = anOrder() }: Asked = {}) {
  const answer = await fetch(`${await gateways[way].app.getUrl()}/v1/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key, 'x-request-id': 'r-1', ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  const content = JSON.parse(text) as Record<string, unknown>;
  return { status: answer.status, headers: Object.fromEntries(answer.headers), content, text };
}

/** What a client sees, without what tells one order from another. */
async function seen(way: Way, asked: Asked) {
  const { status, headers, content, text } = await ask(way, asked);
  const id = String(content['id']);
  const same = (value: string): string =>
    value.replaceAll(id, 'ID').replaceAll(/"createdAt":"[^"]+"/g, '"createdAt":"NOW"');
  const told = Object.entries(headers).filter(([name]) => name !== 'date');
  return {
    status,
    headers: Object.fromEntries(told.map(([name, value]) => [name, same(value)])),
    text: same(text),
  };
}

const stored = async (id: unknown) => {
  const { rows } = await database.pool.query('SELECT traceparent FROM orders WHERE id = $1', [id]);
  return rows as { readonly traceparent: string }[];
};

const REQUESTS: readonly (readonly [what: string, asked: Asked, status: number, type: string | undefined])[] = [
  ['an order', {}, 202, undefined],
  ['an order that waits for an outcome that does not come in time', { headers: { prefer: 'wait=1' } }, 202, undefined],
  ['an order with a product that is not listed', { body: ofSkus('tea') }, 422, SHOP_PROBLEMS.unknownSku.type],
  ['an order in two currencies', { body: ofSkus('cup', 'mug') }, 422, SHOP_PROBLEMS.mixedCurrencies.type],
  [
    'an order that costs too much',
    { body: anOrder({ items: [{ sku: 'yacht', quantity: 10_000 }] }) },
    422,
    PROBLEMS.outOfRange.type,
  ],
  [
    'an order of a stranger',
    { body: anOrder({ customerId: '0199a3b0-7c1e-7000-8000-000000000001' }) },
    422,
    SHOP_PROBLEMS.unknownCustomer.type,
  ],
  ['an order without items', { body: anOrder({ items: [] }) }, 400, PROBLEMS.validation.type],
  ['an order without a key', { key: '' }, 400, PROBLEMS.idempotencyKeyMissing.type],
];

describe('an order', () => {
  it.each(REQUESTS)('%s is answered alike by call and by request', async (_, asked, status, type) => {
    const [byCall, byRequest] = await Promise.all(WAYS.map((way) => seen(way, asked)));
    expect(byCall).toEqual(byRequest);
    expect(byCall?.status).toBe(status);
    if (type !== undefined) expect(JSON.parse(byCall?.text ?? '')).toMatchObject({ type, requestId: 'r-1' });
  });

  describe.each(WAYS)('placed %s', (way) => {
    it(`an order placed ${way} is the same order when its key comes again, either way, and no other order`, async () => {
      const key = newId();
      const first = await ask(way, { key });
      expect(first.headers).not.toHaveProperty('idempotency-replayed');
      for (const again of [way, other(way)]) {
        const { status, headers, content } = await ask(again, { key });
        expect({ status, content }).toEqual({ status: 202, content: first.content });
        expect(headers['idempotency-replayed']).toBe('true');
        const changed = await ask(again, { key, body: ofSkus('cup') });
        expect(changed).toMatchObject({ status: 422, content: { type: PROBLEMS.idempotencyKeyReused.type } });
      }
    });

    it(`an order placed ${way} has the trace of its client's request`, async () => {
      const traceId = newTraceId();
      const { content } = await ask(way, { headers: { traceparent: traceparentOf(traceId) } });
      expect(await stored(content['id'])).toEqual([{ traceparent: expect.stringContaining(traceId) }]);
    });

    it(`an order placed ${way} that waits is answered with its outcome`, async () => {
      const traceId = newTraceId();
      const headers = { prefer: 'wait=25', traceparent: traceparentOf(traceId) };
      const placing = ask(way, { headers });
      const id = await waitUntil('the order is stored', async () => {
        const sql = 'SELECT id FROM orders WHERE traceparent LIKE $1';
        const { rows } = await database.pool.query<{ id: string }>(sql, [`%${traceId}%`]);
        return rows[0]?.id;
      });
      await deliver(aMessage(ConfirmOrder, { orderId: id }));
      const { status, content, headers: told } = await placing;
      expect({ status, content }).toMatchObject({ status: 202, content: { id, status: 'CONFIRMED', version: 2 } });
      expect(told).toMatchObject({ 'preference-applied': 'wait=25', etag: '"v2"' });
    });

    it(`an order placed ${way} that meets a fault is a 500, and the log of the order service has its id and trace`, async () => {
      const traceId = newTraceId();
      const headers = { 'x-request-id': `r-${traceId}`, traceparent: traceparentOf(traceId) };
      await database.pool.query('ALTER TABLE orders RENAME TO orders_elsewhere');
      try {
        const { status, content } = await ask(way, { headers });
        const detail = 'The order service failed; its log has the request id.';
        expect({ status, content }).toMatchObject({ status: 500, content: { type: PROBLEMS.internal.type, detail } });
      } finally {
        await database.pool.query('ALTER TABLE orders_elsewhere RENAME TO orders');
      }
      const line = lines.find((one) => one.includes(traceId) && one.includes('an order could not be placed')) ?? '{}';
      expect(JSON.parse(line)).toMatchObject({ service: 'order', requestId: headers['x-request-id'], traceId });
    });
  });

  it('equal orders that come at the same time by call and by request are one order', async () => {
    const key = newId();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => ask(at % 2 === 0 ? 'by call' : 'by request', { key })),
    );
    expect(new Set(answers.map(({ content }) => content['id'])).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] !== 'true')).toHaveLength(1);
  });
});

describe('an order service that takes no order', () => {
  const refusedAlike = async (type: string): Promise<void> => {
    const [byCall, byRequest] = await Promise.all(WAYS.map((way) => seen(way, {})));
    expect(byCall).toEqual(byRequest);
    expect(byCall).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    expect(JSON.parse(byCall?.text ?? '')).toMatchObject({ type });
  };
  const typeOf = async (way: Way): Promise<unknown> => (await ask(way)).content['type'];

  it('an order service that has too much to do refuses calls and requests alike', async () => {
    // Of orders that end: while none does, all are taken.
    await deliver(aMessage(ConfirmOrder, { orderId: String((await ask('by call')).content['id']) }));
    await waitUntil('one is refused', async () => (await typeOf('by call')) === PROBLEMS.overloaded.type);
    await refusedAlike(PROBLEMS.overloaded.type);
  });

  it('an order service without its database refuses calls and requests alike', async () => {
    wayToDatabase.close();
    await waitUntil('no load is the reason', async () => (await typeOf('by call')) === PROBLEMS.unavailable.type);
    await refusedAlike(PROBLEMS.unavailable.type);
  });

  it('an order service that has stopped is told as away, by call and by request', async () => {
    await stopOrderService();
    await refusedAlike(PROBLEMS.unavailable.type);
  });
});
