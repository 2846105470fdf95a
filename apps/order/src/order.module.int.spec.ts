import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CATALOGUE, ConfirmOrder, ProductListed } from '@backstep/contracts';
import { newId, type Message } from '@backstep/messages';
import { createApp, createLogger, loadConfig, platformConfig, type PlatformApp } from '@backstep/service';
import { PROBLEMS, type ProblemBody } from '@backstep/problems';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { Messaging } from '@backstep/messaging';
import { aMessage } from '@backstep/messages/testing';
import { createTestDatabase, waitUntil, type TestDatabase } from '@backstep/testing';
import { ORDER_CONFIG } from './config.js';
import type { OrderView } from './order/order.view.js';
import { OrderModule } from './order.module.js';

/** Goal: what the gateway asks the service for. Method: the whole application on PostgreSQL; Kafka is away, which must not matter. */
const PENDING_MAX = 4;
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
const placement = (idempotencyKey: string, changes: object = {}) => ({
  idempotencyKey,
  order: { ...order, ...changes },
});

interface Answer {
  readonly status: number;
  readonly order?: OrderView;
  readonly replayed?: boolean;
  readonly problem?: ProblemBody;
  readonly headers?: Readonly<Record<string, string>>;
}
async function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(base + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}
async function placeMany(...placements: unknown[]): Promise<Answer[]> {
  const response = await post('/orders/batch', { placements });
  expect(response.status).toBe(200);
  return ((await response.json()) as { answers: Answer[] }).answers;
}
const stored = async (): Promise<string[]> =>
  (await database.pool.query<{ id: string }>('SELECT id FROM orders')).rows.map(({ id }) => id);

describe('orders that come together', () => {
  it('are each answered by themselves, in their order', async () => {
    const answers = await placeMany(
      placement('one'),
      placement('two', { items: [{ sku: 'tea', quantity: 1 }] }),
      placement('three', { items: [] }),
      'what?',
      placement('four'),
      placement('', {}),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 422, 400, 400, 202, 400]);
    expect(answers[0]).toMatchObject({ replayed: false, order: { status: 'PENDING', total: 1_000, version: 1 } });
    expect(answers[1]?.problem).toMatchObject({ type: SHOP_PROBLEMS.unknownSku.type, skus: ['tea'] });
    expect(answers[2]?.problem).toMatchObject({ errors: [{ field: 'order.items' }] });
    expect((await stored()).toSorted()).toEqual([answers[0]?.order?.id, answers[4]?.order?.id].toSorted());
  });

  it('that are the same are one, and so are those that come again, alone or together', async () => {
    const [first, second] = await placeMany(placement('key'), placement('key'));
    expect([first?.replayed, second?.replayed].toSorted()).toEqual([false, true]);
    const alone = await post('/orders', order, { 'idempotency-key': 'key' });
    expect([alone.status, alone.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    const [other] = await placeMany(placement('key', { items: [{ sku: 'cup', quantity: 3 }] }));
    expect(other?.problem).toMatchObject({ type: PROBLEMS.idempotencyKeyReused.type });
    expect(await stored()).toEqual([first?.order?.id]);
  });

  it.each([{}, { placements: [] }, { placements: Array.from({ length: 65 }, () => placement('key')) }])(
    'are as many as may be, or all are refused (%#)',
    async (body) => expect((await post('/orders/batch', body)).status).toBe(400),
  );
});

it('more than end soon are refused, told when to come again, and let in when others have ended', async () => {
  const many = await placeMany(...Array.from({ length: PENDING_MAX + 1 }, (_, at) => placement(`first ${at}`)));
  // Nothing has ended yet: it may be that something is away, and then all are taken.
  const ids = many.map((answer) => answer.order?.id ?? '');
  expect(many.map(({ status }) => status)).toEqual(ids.map(() => 202));

  const end = (id = ''): Promise<void> => deliver(aMessage(ConfirmOrder, { orderId: id }));
  await end(ids.pop());
  const [refused] = await placeMany(placement('refused'));
  expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
  expect(refused?.problem).toMatchObject({ type: PROBLEMS.overloaded.type });
  const alone = await post('/orders', order, { 'idempotency-key': 'alone' });
  expect([alone.status, alone.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
  expect(await stored()).toHaveLength(PENDING_MAX + 1);

  await end(ids.pop());
  const taken = await waitUntil('the refused one to be let in', async () => {
    const [answer] = await placeMany(placement('refused'));
    return answer?.status === 202 && answer;
  });
  expect(taken).toMatchObject({ replayed: false });
});

it.each(['nonsense', newId(), `sagas.1.${newId()}`])(
  'the list of orders refuses the cursor %s, which it did not make',
  async (cursor) => {
    const response = await fetch(`${base}/orders?cursor=${cursor}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ in: 'query', field: 'cursor' }] });
  },
);
