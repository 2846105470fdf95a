import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CATALOGUE, OrderConfirmed, OrderPlaced, ReserveStock, TOPICS } from '@backstep/contracts';
import { createTopics, KafkaPublisher } from '@backstep/kafka';
import { message, newId, type WireMessage } from '@backstep/messages';
import type { PlatformApp } from '@backstep/service';
import { waitUntil } from '@backstep/testing';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { startGateway } from '../gateway-on-kafka.fixture.spec.js';
import { MessageHub } from './message-hub.js';
import { StreamPosition } from './positions.js';
import { RESUME_MAX } from './stream-session.js';
import { STREAMS_MAX } from './stream.controller.js';
import { type Told, Watcher } from './watcher.fixture.spec.js';

/**
 * Goal: who watches everything is told everything that fits, once, also after a break and at another gateway; and one reader of Kafka does for
 * all. What cannot be told is said.
 * Method: gateways on a real Kafka, without any service, and clients that read their streams as browsers do.
 */
const brokers = (process.env['TEST_KAFKA_BROKERS'] ?? '').split(',');
const publisher = new KafkaPublisher({ brokers, clientId: 'spec' });
let gateway: PlatformApp;
let base: string;
let watchers: Watcher[] = [];
const ID = newId();

/** A client, which leaves when its spec ends. */
function watch(query = '', lastEventId?: string, at = base): Promise<Watcher> {
  const watcher = new Watcher();
  watchers.push(watcher);
  return watcher.open(at, query, lastEventId);
}

beforeAll(async () => {
  await createTopics(brokers, TOPICS);
  [gateway, base] = await startGateway(brokers.join(','));
});
afterEach(async () => {
  await Promise.all(watchers.map((watcher) => watcher.leave()));
  watchers = [];
});
afterAll(async () => {
  await gateway.app.close();
  await publisher.disconnect();
});

const confirmed = (orderId: string): WireMessage =>
  CATALOGUE.encode(message(OrderConfirmed, { orderId }, { source: 'order' }));
const reserve = (orderId: string): WireMessage =>
  CATALOGUE.encode(
    message(ReserveStock, { orderId, items: [{ sku: 'TEA', quantity: 1 }] }, { source: 'orchestrator' }),
  );
const placed = (orderId: string): WireMessage =>
  CATALOGUE.encode(
    message(
      OrderPlaced,
      {
        ...{ orderId, currency: 'EUR', total: 100, items: [{ sku: 'TEA', quantity: 1, unitPrice: 100 }] },
        paymentMethod: 'pm_card_of_ada',
        shippingAddress: { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
      },
      { source: 'order' },
    ),
  );

describe('a stream of everything', () => {
  it('each client is told what fits its filters, and one reader does for all of them', async () => {
    const [one, other] = [newId(), newId()];
    const all = await (await watch('watch=orders,messages')).live();
    const [ofOrder, ofType, ofTopic, ofSource, ofBoth] = await Promise.all(
      [
        `watch=messages&order=${one.toUpperCase()}`,
        'watch=messages&type=ReserveStock',
        'watch=messages&topic=order.events',
        'watch=messages&source=orchestrator',
        `watch=messages&key=${other}&topic=order.events`,
      ].map(async (query) => (await watch(query)).live()),
    );
    await publisher.publish([confirmed(one), reserve(one), confirmed(other), reserve(other)]);
    await waitUntil('all is told', () => all.typesOf(one, other).length === 4 && ofBoth?.typesOf(other).length === 1);
    await waitUntil('each is told its own', () => ofSource?.typesOf(one, other).length === 2);
    expect(ofOrder?.typesOf(one, other).sort()).toEqual(['OrderConfirmed', 'ReserveStock']);
    expect(ofType?.typesOf(one, other)).toEqual(['ReserveStock', 'ReserveStock']);
    expect(ofTopic?.typesOf(one, other)).toEqual(['OrderConfirmed', 'OrderConfirmed']);
    expect(ofSource?.typesOf(one, other)).toEqual(['ReserveStock', 'ReserveStock']);
    expect(ofBoth?.typesOf(one, other)).toEqual(['OrderConfirmed']);
    // An event of an order comes as what it says of the order, too.
    const orders = all.told.filter(({ event, data }) => event === 'order' && data['id'] === one);
    expect(orders.map(({ data }) => data)).toEqual([{ id: one, status: 'CONFIRMED', version: null }]);
  });

  it('orders alone are told without their messages', async () => {
    const orderId = newId();
    const watcher = await (await watch(`watch=orders&order=${orderId}`)).live();
    const began = watcher.lastId;
    await publisher.publish([reserve(orderId), placed(orderId)]);
    await waitUntil('the order is told', () => watcher.told.length === 1 && watcher.lastId !== began);
    expect(watcher.told).toMatchObject([{ event: 'order', data: { id: orderId, status: 'PENDING' } }]);
    // Whoever has read it goes on behind it.
    const again = await (await watch(`watch=orders&order=${orderId}`, watcher.lastId)).live();
    expect(again.told).toEqual([]);
  });

  it('messages of chosen orders are told beside what happens to all orders', async () => {
    const [one, other] = [newId(), newId()];
    const query = `watch=orders,messages&messagesOf=${newId()},${one.toUpperCase()}`;
    const watcher = await (await watch(query)).live();
    const began = watcher.lastId;
    const tell = (id: string) => [placed(id), reserve(id), confirmed(id)];
    await publisher.publish([...tell(one), ...tell(other)]);
    // Other specs write into the same topics.
    const orders = () =>
      watcher.told
        .filter(({ event }) => event === 'order')
        .flatMap(({ data: { id } }) => (id === one || id === other ? [id] : []));
    await waitUntil('all is told', () => orders().length === 4 && watcher.typesOf(one).length === 3);
    expect(orders().sort()).toEqual([one, one, other, other].sort());
    expect(watcher.typesOf(other)).toEqual([]);
    // What was missed is told in the same way.
    const again = await (await watch(query, began)).live();
    expect([again.typesOf(one).length, again.typesOf(other)]).toEqual([3, []]);
  });

  it('the payment method and the person are hidden', async () => {
    const orderId = newId();
    const watcher = await (await watch(`watch=messages&order=${orderId}`)).live();
    await publisher.publish([placed(orderId)]);
    await waitUntil('it is told', () => watcher.typesOf(orderId).length === 1);
    const text = JSON.stringify(watcher.told);
    for (const secret of ['pm_card_of_ada', 'Main Street', 'Berlin']) expect(text).not.toContain(secret);
  });

  it('the reader reads while somebody listens, and no longer', async () => {
    const hub = gateway.app.get(MessageHub);
    await waitUntil('nobody listens', () => !hub.isReading);
    const watcher = await (await watch('watch=orders,messages')).live();
    expect(hub.isReading).toBe(true);
    await watcher.leave();
    await waitUntil('it has ended', () => !hub.isReading);
  });
});

describe('a client that comes back', () => {
  it('a client is told all that it missed, once, also by another gateway, and before what is new', async () => {
    const orderId = newId();
    const first = await (await watch(`watch=messages&order=${orderId}`)).live();
    await publisher.publish([placed(orderId)]);
    await waitUntil('the first is told', () => first.typesOf(orderId).length === 1);
    await first.leave();
    await publisher.publish([reserve(orderId), confirmed(orderId)]);
    const [another, url] = await startGateway(brokers.join(','));
    try {
      const second = await (await watch(`watch=messages&order=${orderId}`, first.lastId, url)).live();
      expect(second.typesOf(orderId).sort()).toEqual(['OrderConfirmed', 'ReserveStock']);
      await publisher.publish([confirmed(orderId)]);
      await waitUntil('the new one is told', () => second.typesOf(orderId).length === 3);
      expect(second.typesOf(orderId).at(-1)).toBe('OrderConfirmed');
      const third = await (await watch(`watch=messages&order=${orderId}`, second.lastId, url)).live();
      expect(third.told).toEqual([]);
      await Promise.all([second.leave(), third.leave()]);
    } finally {
      await another.app.close();
    }
  });

  it('a client that was told nothing yet has the place where it began', async () => {
    const orderId = newId();
    const first = await (await watch(`watch=messages&order=${orderId}`)).live();
    await first.leave();
    await publisher.publish([placed(orderId)]);
    const second = await (await watch(`watch=messages&order=${orderId}`, first.lastId)).live();
    expect(second.typesOf(orderId)).toEqual(['OrderPlaced']);
  });

  it.each([
    ['beyond the end of the log', 'log-lost', (offset: bigint) => offset + 1_000_000n],
    ['too far behind', 'too-far', () => 0n],
  ])(
    'a client that is %s is told to begin anew: %s',
    async (_, reason, moved) => {
      const orderId = newId();
      if (reason === 'too-far') {
        const some = Array.from({ length: Number(RESUME_MAX) / 10 + 1 }, () => confirmed(orderId));
        for (let times = 0; times < 10; times++) await publisher.publish(some);
      }
      const { lastId } = await (await watch('watch=orders,messages')).live();
      const position = StreamPosition.parse(lastId);
      const elsewhere = StreamPosition.of((position?.all ?? []).map((one) => ({ ...one, next: moved(one.next) })));
      const watcher = await (await watch('watch=orders,messages', elsewhere.id)).live();
      expect(watcher.told.filter(({ event }) => event === 'reset').map(({ data }) => data)).toEqual([{ reason }]);
      await publisher.publish([placed(orderId)]);
      await waitUntil('it goes on', () => watcher.typesOf(orderId).includes('OrderPlaced'));
    },
    60_000,
  );

  it.each([
    ['no id', 'x'],
    ['an id and nothing behind the comma', `${ID},`],
    ['more ids than one stream takes', Array(21).fill(ID).join()],
  ])('%s is no list of orders, and the parameter is named', async (_, ids) => {
    const answer = await fetch(`${base}/v1/stream?messagesOf=${ids}`);
    expect(answer.status).toBe(400);
    const { errors } = (await answer.json()) as { errors: unknown[] };
    expect(errors).toEqual([expect.objectContaining({ in: 'query', field: 'messagesOf' })]);
  });

  it('what is no id of the stream is refused by the name of the header', async () => {
    const answer = await fetch(`${base}/v1/stream`, { headers: { 'last-event-id': '1.2.3' } });
    expect(answer.status).toBe(400);
    const { errors } = (await answer.json()) as { errors: unknown[] };
    expect(errors).toEqual([expect.objectContaining({ in: 'header', field: 'Last-Event-ID' })]);
  });
});

describe('ticks', () => {
  it('a tick names each service that cannot be reached, and counts what came since the last one', async () => {
    const watcher = await (await watch('watch=tick')).live();
    const orders = [newId(), newId()];
    await publisher.publish(orders.map(placed));
    const ticks = (): Told['data'][] => watcher.told.filter(({ event }) => event === 'tick').map(({ data }) => data);
    const placedIn = (tick: Told['data']): number => (tick['rates'] as { placed: number }).placed;
    await waitUntil('both are counted', () => ticks().reduce((sum, tick) => sum + placedIn(tick), 0) >= 2);
    expect(ticks().at(-1)).toMatchObject({
      ...{ inFlight: null, sagas: null, parked: {}, unpublished: {}, oldestUnpublishedMs: 0, lag: {} },
      health: { order: 'unreachable', orchestrator: 'unreachable' },
    });
    // A tick leaves the last id as it is.
    expect(watcher.told.every(({ id }) => id === undefined)).toBe(true);
  });
});

describe('what is asked for again and again', () => {
  it('contention is told to who watches it, with the services that do not answer; what this gateway cannot tell is named', async () => {
    const watcher = await watch('watch=contention,faults,invariants');
    const told = (name: string): Told[] => watcher.told.filter(({ event }) => event === name);
    await waitUntil('it is told again', () => told('contention').length >= 2);
    expect(told('contention')[0]).toMatchObject({
      id: undefined,
      data: { services: [], unreachable: ['order', 'inventory', 'payment', 'shipment', 'orchestrator'] },
    });
    expect(told('untold').map(({ data }) => data)).toEqual([{ watch: ['faults', 'invariants'] }]);
    expect([told('faults'), told('invariants')]).toEqual([[], []]);
    // Who comes later is told the latest at once, and nobody who has not asked.
    const [later, other] = await Promise.all([watch('watch=contention'), watch('watch=orders')]);
    await waitUntil('the other is told', () => later.told.some(({ event }) => event === 'contention'));
    expect(other.told.filter(({ event }) => event === 'contention')).toEqual([]);
  });
});

describe('the bounds of the stream', () => {
  it('a stream beyond the bound is refused with 429, and one that ends makes room', async () => {
    const open = await Promise.all(Array.from({ length: STREAMS_MAX }, () => watch('watch=orders,messages')));
    const refused = await fetch(`${base}/v1/stream`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    await refused.text();
    await open[0]?.leave();
    const again = await waitUntil('there is room', async () => {
      const abort = new AbortController();
      const { status } = await fetch(`${base}/v1/stream`, { signal: abort.signal });
      abort.abort();
      return status === 200;
    });
    expect(again).toBe(true);
  });

  it('a request for the head alone opens no stream', async () => {
    const { status } = await fetch(`${base}/v1/stream`, { method: 'HEAD' });
    expect(status).toBe(200);
  });
});

describe('without Kafka', () => {
  it('a stream opens and says that Kafka cannot be read', async () => {
    // A port that was free a moment ago.
    const server: Server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const [alone, url] = await startGateway(`127.0.0.1:${port}`);
    try {
      const watcher = await watch('watch=orders,messages', undefined, url);
      await waitUntil('it says so', () => watcher.told.length > 0);
      expect(watcher.told[0]).toMatchObject({ event: 'kafka', data: { reachable: false } });
      expect(watcher.isLive).toBe(false);
      await watcher.leave();
    } finally {
      await alone.app.close();
    }
  }, 60_000);
});
