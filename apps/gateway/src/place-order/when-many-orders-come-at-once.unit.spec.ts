import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  OrderToPlace,
  PLACE_ORDERS,
  type PlacedOrder,
  type PlaceOrderRequest,
  PlaceOrdersRequest,
} from '@backstep/contracts/http';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { createLogger, type RequestContext } from '@backstep/service';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { waitUntil } from '@backstep/testing';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { SERVICE_LIMITS, ServiceClient, UnexpectedAnswerError } from '../services/service-client.js';
import type { Services } from '../services/services.js';
import { OrderPlacer } from './order-placer.js';
import { BATCH_LIMITS, PlaceOrderBatcher } from './place-order-batcher.js';

/**
 * Goal: many orders are few requests, as the contract has them, and each client is told of its own order. Method: an order service on a
 * free port that holds each request against the contract and then does as each test says.
 */
interface Asked {
  readonly orders: readonly OrderToPlace[];
  readonly waitSeconds: number;
}
type Answering = (asked: Asked, response: ServerResponse) => void;

const contextOf = (requestId: string): RequestContext => ({
  requestId,
  traceId: 't',
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
});
let server: Server;
let client: ServiceClient;
let placer: OrderPlacer;
let answering: Answering;
let asked: Asked[];
let requestIds: unknown[];

beforeEach(async () => {
  asked = [];
  requestIds = [];
  answering = placed;
  server = createServer((request: IncomingMessage, response) => {
    void json(request).then((body) => {
      const { orders, waitSeconds } = PlaceOrdersRequest.parse(body);
      const read = { orders: orders.map((order) => OrderToPlace.parse(order)), waitSeconds };
      asked.push(read);
      requestIds.push(request.headers['x-request-id']);
      answering(read, response);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new ServiceClient('order', url, createLogger({ service: 'gateway', level: 'error' }));
  const services = { order: client } as Services;
  placer = new OrderPlacer(new PlaceOrderBatcher(services), services);
});

afterEach(async () => {
  await client.close();
  server.close().closeAllConnections();
});

const shippingAddress = { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' };
/** An order of some bytes. */
const anOrder = (bytes: number): PlaceOrderRequest => ({
  items: Array.from({ length: Math.ceil(bytes / 90) }, () => ({ sku: 'x'.repeat(64), quantity: 1 })),
  paymentMethod: 'pm_card_visa',
  shippingAddress,
});
const answerTo = ({ orders }: Asked, answer: (key: string) => unknown): string =>
  JSON.stringify({ results: orders.map(({ idempotencyKey }) => answer(idempotencyKey)) });
const resultOf = (key: string): PlacedOrder => ({
  replayed: key.startsWith('again'),
  order: {
    ...{ id: key, status: 'PENDING', version: 1, currency: 'EUR', total: 1, items: [], shippingAddress },
    ...{ createdAt: '2030-01-01T12:00:00.000Z', failure: null },
  },
});
const placed: Answering = (body, response) => void response.end(answerTo(body, resultOf));

const place = (idempotencyKey: string, { bytes = 10, waitSeconds = 0 } = {}) =>
  placer.place(contextOf(`of ${idempotencyKey}`), { idempotencyKey, order: anOrder(bytes) }, waitSeconds);
const keys = (count: number): string[] => Array.from({ length: count }, (_, at) => `k-${at}`);
const COME_AGAIN = { reason: { status: 503, headers: { 'retry-after': expect.any(String) } } };

describe('orders', () => {
  it('orders that come at the same time share few requests, and each gets its own answer', async () => {
    const count = PLACE_ORDERS.ordersMax * 3;
    const answers = await Promise.all(keys(count).map((key) => place(key)));
    expect(answers.map((answer) => answer.order.id)).toEqual(keys(count));
    expect(asked.length).toBeLessThanOrEqual(BATCH_LIMITS.requestsMax);
    const { traceparent } = contextOf('');
    expect(asked[0]?.orders[0]).toMatchObject({ idempotencyKey: 'k-0', requestId: 'of k-0', traceparent });
    expect(requestIds).not.toContain('of k-0');
  });

  it('an order that comes alone is sent alone and at once, with the trace of its own request', async () => {
    for (const key of keys(3)) await place(key);
    expect(asked.map(({ orders }) => orders.length)).toEqual([1, 1, 1]);
    expect(requestIds).toEqual(['of k-0', 'of k-1', 'of k-2']);
  });

  it('an order that waits for its outcome is sent alone and delays no other', async () => {
    const held: (() => void)[] = [];
    answering = (body, response) =>
      body.waitSeconds > 0 ? void held.push(() => placed(body, response)) : placed(body, response);
    const waiting = Array.from({ length: BATCH_LIMITS.requestsMax + 1 }, (_, at) =>
      place(`waits-${at}`, { waitSeconds: 7 }),
    );
    await waitUntil('those that wait to have been asked for', () => held.length === waiting.length);
    expect((await place('other')).order.id).toBe('other');
    for (const answer of held) answer();
    expect((await Promise.all(waiting)).map(({ order }) => order.id)).toContain('waits-0');
    expect(asked.map(({ orders, waitSeconds }) => [orders.length, waitSeconds])).toEqual([
      ...waiting.map(() => [1, 7]),
      [1, 0],
    ]);
  });

  it('a replayed order is marked as replayed', async () => {
    expect(await place('again-1')).toMatchObject({ replayed: true, order: { id: 'again-1' } });
  });

  it('large orders share a request with fewer others', async () => {
    // A hundred lines make the largest order there may be, nine kilobytes: seven of them are more than a body holds.
    await Promise.all(keys(16).map((key) => place(key, { bytes: 9_000 })));
    expect(Math.max(...asked.map(({ orders }) => orders.length))).toBe(6);
  });

  it('a refused order is refused alone, with the problem of the service', async () => {
    const problem = { type: SHOP_PROBLEMS.unknownSku.type, title: 'x', status: 422, skus: ['cup'] };
    answering = (body, response) =>
      response.end(
        answerTo(body, (key) => (key === 'k-1' ? { problem, headers: { 'retry-after': '7' } } : resultOf(key))),
      );
    const outcomes = await Promise.allSettled(keys(3).map((key) => place(key)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const { reason } = outcomes[1] as { reason: ProblemError };
    expect(reason).toBeInstanceOf(ProblemError);
    expect(reason).toMatchObject({ status: 422, extensions: { skus: ['cup'] }, headers: { 'retry-after': '7' } });
  });

  it.each([0, 7])(
    'an order that fails for a fault is answered as any other fault (waiting %d s)',
    async (waitSeconds) => {
      const told = [PROBLEMS.internal, PROBLEMS.unavailable, PROBLEMS.overloaded];
      for (const { type, title, status } of told) {
        const problem = { type, title, status };
        answering = (body, response) =>
          response.end(answerTo(body, () => ({ problem, headers: { 'retry-after': '7' } })));
        await expect(place('k', { waitSeconds })).rejects.toMatchObject({ problem: { type, status } });
      }
      await expect(place('k', { waitSeconds })).rejects.toMatchObject({ headers: { 'retry-after': '7' } });
    },
  );

  it('all orders of a request that breaks get 503 with Retry-After, and the next are placed', async () => {
    answering = (_, response) => void response.destroy();
    const outcomes = await Promise.allSettled(keys(5).map((key) => place(key)));
    for (const outcome of outcomes) expect(outcome).toMatchObject(COME_AGAIN);
    answering = placed;
    expect(await place('after')).toMatchObject({ order: { id: 'after' } });
  });

  it('orders without a result get 503 with Retry-After, and those with one are placed', async () => {
    answering = (body, response) =>
      void response.end(JSON.stringify({ results: [resultOf(body.orders[0]?.idempotencyKey ?? '')] }));
    const outcomes = await Promise.allSettled(keys(2).map((key) => place(key)));
    expect(outcomes).toMatchObject([{ value: { order: { id: 'k-0' } } }, COME_AGAIN]);
  });

  it.each(['replayed', 'order'])('a result without the declared %s is a fault, not an order', async (missing) => {
    answering = (body, response) =>
      response.end(answerTo(body, (key) => ({ ...resultOf(key), [missing]: undefined, [`${missing}Renamed`]: true })));
    await expect(place('k')).rejects.toThrow(UnexpectedAnswerError);
  });

  it('orders beyond the bound of waiting ones are refused at once', async () => {
    const outcomes = await Promise.allSettled(keys(SERVICE_LIMITS.requestsMax + 1).map((key) => place(key)));
    expect(outcomes.at(-1)).toMatchObject(COME_AGAIN);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(SERVICE_LIMITS.requestsMax);
  });
});
