import { SERVICES } from '@backstep/contracts';
import { describe, expect, it } from '@jest/globals';
import { PROBLEMS } from '@backstep/problems';
import { anOrder, ask, ID, startGatewayAlone } from './gateway-alone.fixture.spec.js';

/** Goal: what needs a service that is away says so, and when to come again. Method: the whole gateway with every service unreachable. */
startGatewayAlone();

describe('while every service is away', () => {
  it.each([
    ['POST', '/v1/orders', anOrder()],
    ['GET', '/v1/orders', undefined],
    ['GET', '/v1/orders?from=2026-11-28T12:00:00Z&to=2026-11-28T13:00:00%2B01:00', undefined],
    ['GET', `/v1/orders/${ID}`, undefined],
    ['GET', `/v1/orders/${ID}/events`, undefined],
    ['GET', '/v1/products', undefined],
    ['GET', '/v1/products/TEA-1', undefined],
    ['PUT', '/v1/products/TEA-1', { name: 'Tea', currency: 'EUR', price: 1 }],
    ['PATCH', '/v1/products/TEA-1', { price: 1 }],
    ['POST', '/v1/products/TEA-1/adjustments', { delta: 1, reason: 'found' }],
    ['GET', '/v1/settings/notice', undefined],
    ['PUT', '/v1/settings/notice', { value: 'We ship again on Monday.' }],
    ['GET', `/v1/customers/${ID}`, undefined],
    ['PUT', `/v1/customers/${ID}`, { name: 'Ada' }],
    ['GET', `/v1/payment-intents/${ID}`, undefined],
    ['GET', '/v1/sagas', undefined],
    ['GET', `/v1/sagas?orderId=${ID},${ID.toUpperCase()}`, undefined],
    ['GET', `/v1/sagas/${ID}`, undefined],
    ['GET', '/v1/messages', undefined],
    ['GET', '/v1/messages/order.events/0/0', undefined],
    ['GET', '/v1/topics', undefined],
    ['GET', '/v1/groups', undefined],
    ['GET', '/v1/contention/keys/inventory/Stock/mug-blue', undefined],
    ['GET', `/v1/parked/${ID}`, undefined],
    ['POST', `/v1/parked/${ID}/replay`, { reason: 'INC-7' }],
    ['POST', `/v1/parked/${ID}/discard?service=payment`, { reason: 'INC-7' }],
  ])('the request %s %s is 503 with Retry-After', async (method, path, json: unknown) => {
    const given = { 'idempotency-key': 'k-1', 'x-operator': 'ada', 'if-match': '"v1"' };
    const { status, headers, body } = await ask(method, path, { json, headers: given });
    expect([status, body['type']]).toEqual([503, PROBLEMS.unavailable.type]);
    expect(headers.get('retry-after')).toBe('2');
  });

  it('a stream of events does not begin', async () => {
    const { status } = await ask('GET', `/v1/orders/${ID}/events`, { headers: { accept: 'text/event-stream' } });
    expect(status).toBe(503);
  });

  it('the list of parked messages names the services that it could not ask', async () => {
    const { status, body } = await ask('GET', '/v1/parked');
    expect([status, body]).toEqual([200, { items: [], nextCursor: null, unreachable: [...SERVICES] }]);
  });

  it('the list of what operators did names the services that it could not ask', async () => {
    const { status, body } = await ask('GET', '/v1/operations');
    expect([status, body]).toEqual([
      200,
      { items: [], nextCursor: null, unreachable: expect.arrayContaining([...SERVICES]) },
    ]);
  });

  it('what writes lose to each other is unknown of each service, and each is named', async () => {
    const { status, body } = await ask('GET', '/v1/contention');
    expect([status, body]).toMatchObject([200, { windowMs: 60_000, services: [], unreachable: [...SERVICES] }]);
  });

  it('the evidence of an order names each source that it could not ask', async () => {
    const { status, body } = await ask('GET', `/v1/orders/${ID}/evidence`);
    expect([status, body]).toMatchObject([
      200,
      { orderId: ID, order: null, sagas: [], intents: [], messages: [], services: [] },
    ]);
    const missing = (body['missing'] as { source: string }[]).map(({ source }) => source).sort();
    expect([...new Set(missing)]).toEqual([...SERVICES, 'kafka'].sort());
  });

  it('what runs here is told: each service as unreachable, the sagas as not known', async () => {
    const { status, body } = await ask('GET', '/v1/system');
    expect([status, body]).toMatchObject([200, { mode: 'development', revision: null, definitions: null }]);
    const services = body['services'] as { name: string; status: string }[];
    expect(services.map(({ name, status: state }) => [name, state])).toEqual([
      ['gateway', 'ok'],
      ...SERVICES.map((name) => [name, 'unreachable']),
    ]);
  });

  it('the gateway is live and ready', async () => {
    expect((await ask('GET', '/health/live')).status).toBe(200);
    expect((await ask('GET', '/health/ready')).body).toMatchObject({ status: 'ok' });
  });
});
