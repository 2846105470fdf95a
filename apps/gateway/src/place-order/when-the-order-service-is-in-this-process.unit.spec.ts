import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  LocalOrders,
  type OrderPlacing,
  type OrderToPlace,
  PLACE_ORDERS,
  type PlaceOrderRequest,
  type PlaceOrderResult,
} from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { createLogger, type RequestContext } from '@backstep/service';
import { SERVICE_LIMITS, ServiceClient } from '../services/service-client.js';
import type { Services } from '../services/services.js';
import { OrderPlacer } from './order-placer.js';
import { PlaceOrderBatcher } from './place-order-batcher.js';

/**
 * Goal: an order service in the gateway's process is called, with the bound and the deadline that a request has; where there is none, it is asked
 * by request. Method: an order service that answers when the test says so, and an address where nobody listens.
 */
const NOWHERE = 'http://127.0.0.1:1';
const context: RequestContext = {
  requestId: 'r-1',
  traceId: 'a'.repeat(32),
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
};
const shippingAddress = { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' };
const order: PlaceOrderRequest = {
  items: [{ sku: 'cup', quantity: 1 }],
  paymentMethod: 'pm_card_visa',
  shippingAddress,
};
const placed = (id: string): PlaceOrderResult => ({
  replayed: false,
  order: {
    ...{ id, status: 'PENDING', version: 1, currency: 'EUR', total: 1, items: [], shippingAddress },
    ...{ createdAt: '2030-01-01T12:00:00.000Z', failure: null },
  },
});

let client: ServiceClient;
let local: LocalOrders;
let placer: OrderPlacer;
/** What was asked for and is not answered yet. */
let asked: { readonly order: OrderToPlace; readonly waitSeconds: number; answer(result: PlaceOrderResult): void }[];

beforeEach(() => {
  asked = [];
  client = new ServiceClient('order', NOWHERE, createLogger({ service: 'gateway', level: 'error' }));
  const services = { order: client } as Services;
  local = new LocalOrders();
  local.placing = {
    place: (order, waitSeconds) => new Promise((answer) => void asked.push({ order, waitSeconds, answer })),
  } satisfies OrderPlacing;
  placer = new OrderPlacer(new PlaceOrderBatcher(services), services, local);
});
afterEach(async () => {
  jest.useRealTimers();
  await client.close();
});

const place = (idempotencyKey: string, waitSeconds = 0) =>
  placer.place(context, { idempotencyKey, order }, waitSeconds);
const NOT_ANSWERED = {
  problem: PROBLEMS.unavailable,
  message: 'The order service does not answer.',
  headers: { 'retry-after': expect.any(String) },
};

describe('an order service in the gateway’s process', () => {
  it('an order service in the gateway’s process gets the order at once, with the key, id and trace of the client’s request', async () => {
    const placing = place('k-1', 7);
    expect(asked).toMatchObject([
      {
        order: { idempotencyKey: 'k-1', requestId: 'r-1', traceparent: context.traceparent, order },
        waitSeconds: 7,
      },
    ]);
    asked[0]?.answer(placed('one'));
    expect(await placing).toMatchObject({ replayed: false, order: { id: 'one' } });
  });

  it.each([
    ['its own refusals are passed on', PROBLEMS.overloaded, PROBLEMS.overloaded.title],
    [
      'its faults are told without their detail',
      PROBLEMS.internal,
      'The order service failed; its log has the request id.',
    ],
  ])('an order service in the gateway’s process is as one elsewhere: %s', async (_, { type, title, status }, told) => {
    const placing = place('k-1');
    asked[0]?.answer({ problem: { type, title, status }, headers: {} });
    await expect(placing).rejects.toMatchObject({ problem: { type, status }, message: told });
  });

  it.each([0, PLACE_ORDERS.waitMaxSeconds])(
    'an order service in the gateway’s process that does not answer is waited for as long as for a request (wait=%d)',
    async (waitSeconds) => {
      jest.useFakeTimers();
      const settled = jest.fn();
      const placing = place('k-1', waitSeconds).catch(settled);
      await jest.advanceTimersByTimeAsync(waitSeconds * 1_000 + SERVICE_LIMITS.answerMs - 1);
      expect(settled).not.toHaveBeenCalled();
      await jest.advanceTimersByTimeAsync(1);
      await placing;
      expect(settled).toHaveBeenCalledWith(expect.objectContaining(NOT_ANSWERED));
    },
  );

  it('an order service in the gateway’s process has no more calls at a time than requests', async () => {
    const placing = Array.from({ length: SERVICE_LIMITS.requestsMax }, (_, at) => place(`k-${at}`));
    await expect(place('one too many')).rejects.toMatchObject(NOT_ANSWERED);
    asked[0]?.answer(placed('first'));
    await placing[0];
    void place('next');
    expect(asked).toHaveLength(SERVICE_LIMITS.requestsMax + 1);
    for (const { answer } of asked) answer(placed('other'));
    await Promise.all(placing);
  });

  it('an order service that has stopped in the gateway’s process is asked by request', async () => {
    local.placing = undefined;
    await expect(place('k-1')).rejects.toMatchObject(NOT_ANSWERED);
    expect(asked).toEqual([]);
  });
});
