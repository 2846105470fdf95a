import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CATALOGUE, OrderConfirmed, OrderPlaced, SERVICES, type ServiceName, TOPICS } from '@backstep/contracts';
import type { OrderView } from '@backstep/contracts/http';
import { createTopics, KafkaPublisher } from '@backstep/kafka';
import { message, newId } from '@backstep/messages';
import type { PlatformApp } from '@backstep/service';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { startGateway } from '../gateway-on-kafka.fixture.spec.js';
import type { Evidence } from '../representations/evidence.js';

/**
 * Goal: an order's evidence has what every source knows, nothing secret, and a name for each source that is away; a client that has it is told so.
 * Method: the gateway on a real Kafka. Each service is a server that knows every order, of which a spec can silence any.
 */
const brokers = (process.env['TEST_KAFKA_BROKERS'] ?? '').split(',');
const publisher = new KafkaPublisher({ brokers, clientId: 'spec' });
const NOTHING = { inbox: [], dropped: [], outbox: [], parked: [], rows: [], timers: [], group: null, truncated: [] };
/** What each service is asked, and how it answers. */
let asked: { service: string; body: { key: string; messageIds: string[] } }[] = [];
let answers: Record<string, unknown> = {};
let silent: ReadonlySet<string> = new Set();
let createdAt = new Date().toISOString();
let servers: Server[] = [];
let platform: PlatformApp;
let base: string;

const orderOf = (id: string): OrderView => ({
  ...{ id, status: 'PENDING', version: 1, currency: 'EUR', total: 0, items: [], failure: null, createdAt },
  shippingAddress: { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
});

async function serve(service: string): Promise<Server> {
  const server = createServer((request, response) => {
    // A silent one takes the request and says nothing.
    if (silent.has(service)) return;
    const { url = '' } = request;
    if (url.startsWith('/orders/')) return answer(response, orderOf(url.slice('/orders/'.length)));
    if (url.startsWith('/sagas')) return answer(response, { items: [], nextCursor: null });
    if (url.startsWith('/payment-intents/')) {
      const problem = { type: 'urn:backstep:problem:not-found', title: 'Not found', status: 404 };
      return answer(response, problem, 404);
    }
    void json(request).then((body) => {
      asked.push({ service, body: body as { key: string; messageIds: string[] } });
      answer(response, answers[service] ?? NOTHING);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function answer(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

beforeAll(async () => {
  await createTopics(brokers, TOPICS);
  servers = await Promise.all(SERVICES.map(serve));
  const portOf = (name: ServiceName) => (servers[SERVICES.indexOf(name)]?.address() as AddressInfo).port;
  [platform, base] = await startGateway(brokers.join(','), (name) => `http://127.0.0.1:${portOf(name)}`);
});
beforeEach(() => {
  asked = [];
  answers = {};
  silent = new Set();
  createdAt = new Date().toISOString();
});
afterAll(async () => {
  await platform.app.close();
  for (const server of servers) server.closeAllConnections();
  await Promise.all([
    publisher.disconnect(),
    ...servers.map((server) => new Promise((resolve) => server.close(resolve))),
  ]);
});

const read = (orderId: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${base}/v1/orders/${orderId}/evidence`, { headers });
const evidenceOf = async (orderId: string): Promise<Evidence> => (await (await read(orderId)).json()) as Evidence;

const placed = (orderId: string) =>
  message(
    OrderPlaced,
    {
      ...{ orderId, currency: 'EUR', total: 100, items: [{ sku: 'TEA', quantity: 1, unitPrice: 100 }] },
      paymentMethod: 'pm_card_of_ada',
      shippingAddress: { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
    },
    { source: 'order' },
  );

describe('the evidence of an order', () => {
  it('each service is asked about the order’s messages, and its answer is shown under its name', async () => {
    const orderId = newId();
    const event = placed(orderId);
    await publisher.publish([CATALOGUE.encode(event)]);
    const at = new Date().toISOString();
    const timer = { name: 'step', dueAt: at, wakeAt: at, failures: 0 };
    const group = { id: 'backstep.orchestrator', positions: [{ topic: 'order.events', partition: 1, committed: '5' }] };
    answers = {
      orchestrator: {
        ...NOTHING,
        inbox: [{ messageId: event.id, receivedAt: at }],
        timers: [{ ...timer, of: 's' }],
        group,
      },
    };
    const evidence = await evidenceOf(orderId.toUpperCase());
    expect(asked.map(({ service }) => service).sort()).toEqual([...SERVICES].sort());
    for (const { body } of asked) expect(body).toEqual({ key: orderId, messageIds: [event.id] });
    expect(evidence).toMatchObject({ orderId, order: { id: orderId }, sagas: [], intents: [], truncated: [] });
    expect(evidence.messages.map(({ headers }) => headers['ce_type'])).toEqual(['OrderPlaced']);
    expect(evidence.services.map(({ service }) => service)).toEqual([...SERVICES]);
    expect(evidence.services.find(({ service }) => service === 'orchestrator')).toEqual({
      ...{ ...NOTHING, service: 'orchestrator', group, timers: [{ ...timer, sagaId: 's' }] },
      inbox: [{ messageId: event.id, receivedAt: at }],
    });
    // The other groups are not known.
    expect(evidence.missing.map(({ source }) => source)).toEqual(['kafka', 'kafka', 'kafka', 'kafka']);
  });

  it('the payment method and the person are hidden in the messages', async () => {
    const orderId = newId();
    await publisher.publish([CATALOGUE.encode(placed(orderId))]);
    const { messages } = await evidenceOf(orderId);
    const text = JSON.stringify(messages);
    for (const secret of ['pm_card_of_ada', 'Main Street', 'Berlin']) expect(text).not.toContain(secret);
    expect(messages[0]?.value).toMatchObject({ orderId, total: 100, shippingAddress: { country: 'DE' } });
  });

  it('an order of a database whose clock is half a minute ahead of Kafka has its messages all the same', async () => {
    const orderId = newId();
    await publisher.publish([CATALOGUE.encode(placed(orderId))]);
    createdAt = new Date(Date.now() + 30_000).toISOString();
    const { messages } = await evidenceOf(orderId);
    expect(messages.map(({ headers }) => headers['ce_type'])).toEqual(['OrderPlaced']);
  });

  it('a service that is silent is named within two seconds, and the others are shown', async () => {
    const orderId = newId();
    silent = new Set(['shipment', 'payment']);
    const began = performance.now();
    const { services, missing } = await evidenceOf(orderId);
    // A second for the payment, and one for what the services know.
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(services.map(({ service }) => service)).toEqual(['order', 'inventory', 'orchestrator']);
    const named = missing.filter(({ source }) => source !== 'kafka').map(({ source }) => source);
    expect(named.sort()).toEqual(['payment', 'payment', 'shipment']);
  });

  it('without the order service and the orchestrator nothing says when the messages began: they are missing', async () => {
    silent = new Set(['order', 'orchestrator']);
    const { order, messages, missing } = await evidenceOf(newId());
    expect([order, messages]).toEqual([null, []]);
    expect(missing.map(({ source }) => source)).toEqual(expect.arrayContaining(['order', 'orchestrator', 'kafka']));
  });

  it('an answer that is not as declared is that of a service of another version: it is named, and the others are shown', async () => {
    answers = { inventory: { unexpected: true } };
    const { services, missing } = await evidenceOf(newId());
    expect(services).toHaveLength(4);
    expect(missing.some(({ source }) => source === 'inventory')).toBe(true);
  });
});

describe('the ETag of the evidence', () => {
  it('a client that has the evidence is told so, until there is something new about the order', async () => {
    const orderId = newId();
    await publisher.publish([CATALOGUE.encode(placed(orderId))]);
    const [first, etag] = await read(orderId).then((found) => [found, found.headers.get('etag') ?? ''] as const);
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
    const { messages } = (await first.json()) as Evidence;
    expect(messages).toHaveLength(1);
    const [{ topic, partition, offset } = { topic: '', partition: 0, offset: '0' }] = messages;
    const at = (committed: bigint) => ({
      order: { ...NOTHING, group: { id: 'g', positions: [{ topic, partition, committed: String(committed) }] } },
    });
    expect((await read(orderId, { 'if-none-match': etag })).status).toBe(304);
    answers = at(BigInt(offset) + 1n);
    const read1 = await read(orderId, { 'if-none-match': etag });
    expect(read1.status).toBe(200);
    const past = read1.headers.get('etag') ?? '';
    // The messages of others move the group on.
    answers = at(BigInt(offset) + 500n);
    expect((await read(orderId, { 'if-none-match': past })).status).toBe(304);
    answers = at(BigInt(offset));
    expect((await read(orderId, { 'if-none-match': past })).status).toBe(200);
    answers = at(BigInt(offset) + 1n);
    await publisher.publish([CATALOGUE.encode(message(OrderConfirmed, { orderId }, { source: 'order' }))]);
    expect((await read(orderId, { 'if-none-match': past })).status).toBe(200);
  });
});
