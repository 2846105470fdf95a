import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { message, newId, type WireMessage } from '@backstep/messages';
import { CATALOGUE, OrderConfirmed, OrderPlaced, OrderRejected, TOPICS } from '@backstep/contracts';
import type { OrderView } from '@backstep/contracts/http';
import { createTopics, KafkaPublisher } from '@backstep/kafka';
import type { PlatformApp } from '@backstep/service';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startGateway } from '../gateway-on-kafka.fixture.spec.js';
import { markOf } from './positions.js';

/**
 * Goal: who watches an order hears all of it, also when Kafka no longer has what was told before; and is told no other order's place.
 * Method: the gateway on a real Kafka. Orders and sagas come from a server that knows every order. A lost disk is told by offsets that
 * the log does not have, or at which it has something else.
 */
const brokers = (process.env['TEST_KAFKA_BROKERS'] ?? '').split(',');
const publisher = new KafkaPublisher({ brokers, clientId: 'spec' });
let services: Server;
let platform: PlatformApp;
let base: string;

beforeAll(async () => {
  await createTopics(brokers, TOPICS);
  services = createServer((request, response) => {
    const order: OrderView = {
      ...{ id: newId(), status: 'PENDING', version: 1, currency: 'EUR', total: 0, items: [], failure: null },
      shippingAddress: { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
      createdAt: new Date().toISOString(),
    };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url?.startsWith('/sagas') ? { items: [], nextCursor: null } : order));
  });
  await new Promise<void>((resolve) => services.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(services.address() as AddressInfo).port}`;
  [platform, base] = await startGateway(brokers.join(','), () => url);
});
afterAll(async () => {
  await platform.app.close();
  services.closeAllConnections();
  await Promise.all([publisher.disconnect(), new Promise((resolve) => services.close(resolve))]);
});

const aboutOrder = (orderId: string): WireMessage[] => [
  CATALOGUE.encode(message(OrderConfirmed, { orderId }, { source: 'order' })),
  CATALOGUE.encode(
    message(OrderRejected, { orderId, failure: { code: 'payment_declined', message: 'no' } }, { source: 'order' }),
  ),
];

interface Event {
  readonly event: string;
  readonly id: string;
  readonly type: string;
}

/** What a watcher is sent until the past ends. */
async function textOf(orderId: string, lastEventId?: string): Promise<string> {
  const headers = { accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
  const abort = new AbortController();
  const answer = await fetch(`${base}/v1/orders/${orderId}/events`, { headers, signal: abort.signal });
  expect(answer.status).toBe(200);
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    if (text.includes(': live')) break;
  }
  abort.abort();
  return text;
}

/** The events in it. */
async function told(orderId: string, lastEventId?: string): Promise<Event[]> {
  const text = await textOf(orderId, lastEventId);
  return text.split('\n\n').flatMap((block) => {
    const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
    const data = field('data');
    if (data === undefined) return [];
    const { headers: { ce_type: type = '' } = {} } = JSON.parse(data) as { headers?: Record<string, string> };
    return [{ event: field('event') ?? 'message', id: field('id') ?? '', type }];
  });
}

const typesOf = (events: readonly Event[]) => events.map(({ type }) => type);
const lastIdOf = (events: readonly Event[]) => events.at(-1)?.id ?? '';

describe('a watcher that comes back', () => {
  const orderId = newId();
  const others = Array.from({ length: 20 }, () => aboutOrder(newId())).flat();
  beforeAll(() => publisher.publish([...aboutOrder(orderId), ...others]));

  it('a watcher with a last event id gets the events after it', async () => {
    const all = await told(orderId);
    expect(typesOf(all)).toEqual(['OrderConfirmed', 'OrderRejected']);
    expect(typesOf(await told(orderId, all[0]?.id))).toEqual(['OrderRejected']);
    expect(await told(orderId, lastIdOf(all))).toEqual([]);
    expect(typesOf(await told(orderId, ''))).toEqual(['OrderConfirmed', 'OrderRejected']);
    expect(typesOf(await told(orderId.toUpperCase(), all[0]?.id))).toEqual(['OrderRejected']);
  });

  it.each([
    ['beyond the end of the log', (offset: bigint) => offset + 1_000_000n],
    ['as large as can be', () => 2n ** 63n - 1n],
    ['where something else lies', (offset: bigint) => offset + 2n],
  ])('a watcher with an offset %s gets a reset, then all events', async (_, moved) => {
    const [first] = await told(orderId);
    const lost = String(first?.id).replace(/\d+$/, (digits) => String(moved(BigInt(digits))));
    const [reset, ...events] = await told(orderId, lost);
    expect(reset).toEqual({ event: 'reset', id: '', type: '' });
    expect(typesOf(events)).toEqual(['OrderConfirmed', 'OrderRejected']);
    expect(await told(orderId, lastIdOf(events))).toEqual([]);
  });

  it('a watcher with a topic whose log is empty gets a reset', async () => {
    const [first] = await told(orderId);
    expect((await told(orderId, `${first?.id},shipment.commands@999999`))[0]?.event).toBe('reset');
  });

  it.each([
    ['another order’s id', `${markOf(newId())}:order.events@0`, /another order/],
    ['an id without its order', 'order.events@0', /id of an event of this stream/],
    ['a negative offset', `${markOf(orderId)}:order.events@-1`, /id of an event of this stream/],
    ['an offset beyond 64 bits', `${markOf(orderId)}:order.events@9223372036854775808`, /above 9223372036854775807/],
    ['a topic twice', `${markOf(orderId)}:order.events@0,order.events@0`, /order.events once/],
  ])('a watcher with %s is refused by the name of the header', async (_, id, detail) => {
    const headers = { accept: 'text/event-stream', 'last-event-id': id };
    const answer = await fetch(`${base}/v1/orders/${orderId}/events`, { headers });
    expect(answer.status).toBe(400);
    const body = (await answer.json()) as { detail: string; errors: unknown[] };
    expect(body.detail).toMatch(detail);
    expect(body.errors).toEqual([expect.objectContaining({ in: 'header', field: 'Last-Event-ID' })]);
  });
});

describe('how an order is paid, and by whom', () => {
  it('neither a reader nor a watcher who knows the order’s id is told its payment method and its address', async () => {
    const orderId = newId();
    const placed = {
      ...{ orderId, currency: 'EUR', total: 100, items: [{ sku: 'TEA', quantity: 1, unitPrice: 100 }] },
      paymentMethod: `account:${newId()}`,
      shippingAddress: { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
    };
    await publisher.publish([CATALOGUE.encode(message(OrderPlaced, placed, { source: 'order' }))]);
    const read = await (await fetch(`${base}/v1/orders/${orderId}/events`)).text();
    const watched = await textOf(orderId);
    for (const text of [read, watched]) {
      expect(text).toContain('"total":100');
      expect(text).toContain('"country":"DE"');
      for (const hidden of [placed.paymentMethod, 'Main Street', 'Berlin']) expect(text).not.toContain(hidden);
    }
  });
});

describe('a reader', () => {
  it('a reader gets all messages of an order, and that they are complete', async () => {
    const orderId = newId();
    await publisher.publish(aboutOrder(orderId));
    const answer = await fetch(`${base}/v1/orders/${orderId}/events`);
    const { items, complete } = (await answer.json()) as { items: unknown[]; complete: boolean };
    expect([items.length, complete]).toEqual([2, true]);
  });
});
