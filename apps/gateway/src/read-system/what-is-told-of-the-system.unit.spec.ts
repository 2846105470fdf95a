import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it } from '@jest/globals';
import { COUNTRIES_NOT_SERVED, TEST_CARDS } from '@backstep/contracts/stand-ins';
import { ask, startGatewayAlone } from '../gateway-alone.fixture.spec.js';

/**
 * Goal: who asks what runs here is told each service as it is, also one that says itself why it is not ready, and the test cards as the
 * stand-in has them. Method: the whole gateway; one address answers for two services, the others are unreachable.
 */
const DOWN = { database: { status: 'down', detail: 'connect ECONNREFUSED', durationMs: 3 } };
const answers: Record<string, readonly [status: number, body: unknown]> = {
  '/order/health/ready': [503, { status: 'down', service: 'order', checks: DOWN }],
  '/orchestrator/health/ready': [200, { status: 'ok', service: 'orchestrator', checks: {} }],
  // Of another version: it is not understood, and nothing else is lost for it.
  '/orchestrator/sagas/definitions': [200, { items: [{ type: 'place-order' }] }],
};
const server = createServer(({ url = '' }, reply) => {
  const [status, body] = answers[url] ?? [404, {}];
  reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => void server.close());

startGatewayAlone({
  ORDER_URL: `${base}/order`,
  ORCHESTRATOR_URL: `${base}/orchestrator`,
  REVISION: 'c0ffee1',
  NODE_ENV: 'production',
});

it('a service that is not ready is told with its reason, one that is away as unreachable', async () => {
  const { status, body } = await ask('GET', '/v1/system');
  expect(status).toBe(200);
  expect(body).toMatchObject({ revision: 'c0ffee1', mode: 'production', definitions: null });
  expect(body['services']).toEqual([
    { name: 'gateway', status: 'ok', checks: expect.anything() },
    { name: 'order', status: 'down', checks: DOWN },
    { name: 'inventory', status: 'unreachable', checks: {} },
    { name: 'payment', status: 'unreachable', checks: {} },
    { name: 'shipment', status: 'unreachable', checks: {} },
    { name: 'orchestrator', status: 'ok', checks: {} },
  ]);
});

it('what the gateway does not serve is no capability of it', async () => {
  const { body } = await ask('GET', '/v1/system');
  expect(body['capabilities']).toEqual({ faults: false, doctor: false, contention: true });
});

it('each test card of the stand-in is told with how a charge and a refund to it end', async () => {
  const { body } = await ask('GET', '/v1/system');
  const cards = body['testCards'] as { id: string; does: string; charge: string; refund: string }[];
  expect(cards.map(({ id }) => id)).toEqual(Object.keys(TEST_CARDS));
  const told = Object.fromEntries(cards.map(({ id, charge, refund }) => [id, [charge, refund]]));
  expect(told).toMatchObject({
    pm_card_visa: ['approved', 'made'],
    pm_card_chargeDeclined: ['declined', 'made'],
    pm_card_refundFails: ['approved', 'refused'],
  });
  expect(body['notServed']).toEqual([{ country: 'AQ', because: COUNTRIES_NOT_SERVED['AQ'] }]);
});
