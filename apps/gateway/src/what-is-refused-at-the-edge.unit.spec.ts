import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { HTTP_LIMITS } from '@backstep/service';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { PROBLEMS } from '@backstep/problems';
import { anOrder, ask, base, ID, lines, place, startGatewayAlone } from './gateway-alone.fixture.spec.js';
import { formatPlace } from './list-parked/parked-cursor.js';
import { OPERATIONS } from './operations.js';

/**
 * Goal: what is wrong with a request is told before any service is asked, by the name of its field, and in no log. Method: the whole gateway
 * with every service unreachable; each answer is checked to be one that its operation documents.
 */
startGatewayAlone();

/** Half of the number is enough. Four digits of it may be in the id of a request by chance. */
const CARD_NUMBER = /4242[ .-]?4242/;

describe('an order is refused at the edge', () => {
  const refused = async (json: unknown, field: string) => {
    const { status, body } = await place(json);
    expect(status).toBe(400);
    expect(body).toMatchObject({ type: PROBLEMS.validation.type, instance: '/v1/orders' });
    expect(body['errors']).toContainEqual(expect.objectContaining({ in: 'body', field }));
  };

  it.each([
    ['an unknown field', anOrder({ coupon: 'FREE' }), 'coupon'],
    ['an unknown field of a line', anOrder({ items: [{ sku: 'TEA-1', quantity: 1, price: 0 }] }), 'items.0.price'],
    ['no line', anOrder({ items: [] }), 'items'],
    ['101 lines', anOrder({ items: Array.from({ length: 101 }, (_, i) => ({ sku: `S${i}`, quantity: 1 })) }), 'items'],
    ['half a piece', anOrder({ items: [{ sku: 'TEA-1', quantity: 0.5 }] }), 'items.0.quantity'],
    ['a SKU with a space', anOrder({ items: [{ sku: 'TEA 1', quantity: 1 }] }), 'items.0.sku'],
    ['no card', anOrder({ paymentMethod: ' ' }), 'paymentMethod'],
    [
      'a country by name',
      anOrder({ shippingAddress: { ...anOrder().shippingAddress, country: 'Germany' } }),
      'shippingAddress.country',
    ],
  ])('an order with %s is refused at the edge', (_, json, field) => refused(json, field));

  it.each([[undefined], [''], ['x'.repeat(256)], ['ключ']])(
    'an order with the Idempotency-Key %j is refused at the edge',
    async (key) => {
      // fetch sends header values byte by byte.
      const headers: Record<string, string> =
        key === undefined ? {} : { 'idempotency-key': Buffer.from(key).toString('latin1') };
      const { status, body } = await place(anOrder(), headers);
      expect([status, body['type']]).toEqual([400, PROBLEMS.idempotencyKeyMissing.type]);
      const message = key === undefined ? 'is missing' : 'must have 1 to 255 printable ASCII characters';
      expect(body['errors']).toEqual([{ in: 'header', field: 'Idempotency-Key', message }]);
    },
  );

  it('an order without a body, or with one that is no JSON or too large, is refused at the edge', async () => {
    const headers = { 'idempotency-key': 'k-1', 'content-type': 'application/json' };
    const bad = await ask('POST', '/v1/orders', { headers, body: '{"items":' });
    expect([bad.status, bad.body['type']]).toEqual([400, PROBLEMS.malformedJson.type]);
    const plain = await ask('POST', '/v1/orders', {
      headers: { ...headers, 'content-type': 'text/plain' },
      body: 'tea',
    });
    expect([plain.status, plain.body['type']]).toEqual([415, PROBLEMS.unsupportedMediaType.type]);
    const large = await place(anOrder({ paymentMethod: 'x'.repeat(HTTP_LIMITS.bodyBytes) }));
    expect([large.status, large.body['type']]).toEqual([413, PROBLEMS.payloadTooLarge.type]);
  });

  it.each([
    ['as the payment method', anOrder({ paymentMethod: '4242424242424242' }), 'paymentMethod'],
    ['in the payment method', anOrder({ paymentMethod: 'pm_4242424242424242' }), 'paymentMethod'],
    [
      'in the address',
      anOrder({ shippingAddress: { ...anOrder().shippingAddress, line1: 'card 4242-4242 4242.4242' } }),
      'shippingAddress.line1',
    ],
    ['as the name of a field', anOrder({ '4242424242424242': true }), '…'],
    ['as the name of a field, in groups', anOrder({ 'card 4242 4242 4242 4242': true }), 'card …'],
  ])(
    'an order with a card number %s is refused, and the number is neither repeated nor logged',
    async (_, json, field) => {
      lines.length = 0;
      await refused(json, field);
      const { body } = await place(json);
      expect(JSON.stringify(body) + lines.join('')).not.toMatch(CARD_NUMBER);
    },
  );

  it('a card number as the key, or in a body that is no JSON, is not repeated', async () => {
    lines.length = 0;
    const asKey = await place(anOrder(), { 'idempotency-key': '4242 4242 4242 4242' });
    expect([asKey.status, asKey.body['errors']]).toEqual([
      400,
      [expect.objectContaining({ field: 'Idempotency-Key', message: 'must not contain a card number' })],
    ]);
    const headers = { 'idempotency-key': 'k-1', 'content-type': 'application/json' };
    const broken = await ask('POST', '/v1/orders', { headers, body: '4242424242424242}' });
    expect(broken.status).toBe(400);
    expect(JSON.stringify([asKey.body, broken.body]) + lines.join('')).not.toMatch(CARD_NUMBER);
  });

  it('the payment method of an order is not logged', async () => {
    await place(anOrder({ paymentMethod: 'pm_very_secret' }));
    await place(anOrder({ paymentMethod: 'pm_very_secret', coupon: 'FREE' }));
    expect(lines.join('')).not.toContain('pm_very_secret');
  });
});

describe('a wrong parameter is named', () => {
  it.each([
    ['/v1/orders?limit=0', 'limit'],
    ['/v1/orders?limit=101', 'limit'],
    ['/v1/orders?limit=ten', 'limit'],
    ['/v1/orders?limit=1&limit=2', 'limit'],
    ['/v1/orders?status=LOST', 'status'],
    ['/v1/orders?color=red', 'color'],
    ['/v1/orders?from=2026-11-28', 'from'],
    ['/v1/orders?from=2026-02-30T00:00:00Z', 'from'],
    ['/v1/orders?from=0000-01-01T00:00:00%2B01:00', 'from'],
    ['/v1/orders?from=2026-11-28T12:00:00Z&to=2026-11-28T11:59:59.999Z', 'to'],
    ['/v1/orders?from=2026-11-28T12:00:00Z&to=2026-11-28T12:30:00%2B01:00', 'to'],
    [`/v1/products?cursor=${'x'.repeat(600)}`, 'cursor'],
    ['/v1/sagas?state=HAPPY', 'state'],
    ['/v1/sagas?orderId=42', 'orderId'],
    ['/v1/sagas?waitsFor=godot', 'waitsFor'],
    ['/v1/sagas?from=yesterday', 'from'],
    ['/v1/sagas?to=2026-13-01T00:00:00Z', 'to'],
    ['/v1/sagas?to=2026-11-28T24:00:00Z', 'to'],
    ['/v1/sagas?from=2026-11-28T12:00:00Z&to=2026-11-28T11:00:00Z', 'to'],
    [`/v1/sagas?orderId=${ID},`, 'orderId'],
    [`/v1/sagas?orderId=${Array.from({ length: 51 }, () => ID).join()}`, 'orderId'],
    ['/v1/operations?action=delete', 'action'],
    ['/v1/operations?by=%20', 'by'],
    [`/v1/operations?cursor=sagas.1.${ID}`, 'cursor'],
    ...['orders', 'products', 'sagas', 'parked'].map((list) => [`/v1/${list}?cursor=nonsense`, 'cursor'] as const),
    ...['products', 'sagas', 'parked'].map((list) => [`/v1/${list}?cursor=orders.${ID}`, 'cursor'] as const),
    [`/v1/parked?service=order&cursor=${formatPlace({ service: 'payment' })}`, 'cursor'],
    ['/v1/parked?service=bakery', 'service'],
    ['/v1/messages?limit=201', 'limit'],
    ['/v1/messages?topic=bread.events', 'topic'],
    ['/v1/messages?from=yesterday', 'from'],
    ['/v1/messages?cursor=messages.f.00000000.1', 'cursor'],
    ['/v1/messages/order.events/4/0', 'partition'],
    ['/v1/messages/order.events/0/-1', 'offset'],
    ['/v1/orders/42', 'orderId'],
    ['/v1/orders/42/events', 'orderId'],
    ['/v1/products/-tea', 'sku'],
    ['/v1/payment-intents/42', 'paymentIntentId'],
  ])('a wrong parameter is named: %s', async (path, field) => {
    const { status, body } = await ask('GET', path);
    expect(status).toBe(400);
    expect(body['errors']).toContainEqual(expect.objectContaining({ field }));
  });

  it('a wrong header is named', async () => {
    const events = await ask('GET', `/v1/orders/${ID}/events`, { headers: { 'last-event-id': '42' } });
    expect(events.body['errors']).toContainEqual(expect.objectContaining({ in: 'header', field: 'Last-Event-ID' }));
    const json = { name: 'Tea', currency: 'EUR', price: 1 };
    const product = await ask('PUT', '/v1/products/TEA-1', { json, headers: { 'if-match': 'W/"v1"' } });
    expect(product.body['errors']).toContainEqual(expect.objectContaining({ in: 'header', field: 'If-Match' }));
  });
});

describe('a webhook', () => {
  const body = '{"id":"evt_1"}';
  const tell = (headers: Record<string, string>) =>
    ask('POST', '/v1/webhooks/provider', { body, headers: { 'content-type': 'application/json', ...headers } });

  it.each([
    ['no signature', {}],
    ['a signature that is too long', { 'stripe-signature': `t=1,v1=${'0'.repeat(2_000)}` }],
  ])('a webhook with %s is refused at the edge', async (_, headers) => {
    const { status, body: problem } = await tell(headers);
    expect([status, problem['type']]).toEqual([400, SHOP_PROBLEMS.signatureInvalid.type]);
  });

  it('a webhook is 503 while the payment service is away, so that the provider sends it again', async () => {
    const { status, body: problem } = await tell({ 'stripe-signature': 't=1,v1=00' });
    expect([status, problem['type']]).toEqual([503, PROBLEMS.unavailable.type]);
  });

  it('a webhook is not read here, and its signature is not logged', async () => {
    lines.length = 0;
    await ask('POST', '/v1/webhooks/provider', {
      body: '{',
      headers: { 'content-type': 'application/json', 'stripe-signature': 't=1,v1=abcdef' },
    });
    expect(lines.join('')).not.toContain('abcdef');
  });
});

describe('a page of another site', () => {
  const writes = OPERATIONS.filter(({ method }) => method !== 'GET').map(({ id, method, path }) => ({
    id,
    method,
    path: path.replaceAll(/\{\w+\}/g, ID),
  }));

  it.each(writes)('a page of another site cannot use $id', async ({ method, path }) => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: base },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ] as Record<string, string>[]) {
      const { status, body } = await ask(method, path, { json: {}, headers });
      expect([headers, status, body['type']]).toEqual([headers, 403, PROBLEMS.forbidden.type]);
    }
  });

  it('a page of this gateway, and a program, get past the door', async () => {
    for (const headers of [{ 'sec-fetch-site': 'same-origin', origin: base }, { origin: base }, {}] as Record<
      string,
      string
    >[]) {
      const { status } = await place(anOrder(), { 'idempotency-key': 'k-1', ...headers });
      expect([headers, status]).toEqual([headers, 503]);
    }
  });

  it('a name that leads here and is not ours is no name of this gateway', async () => {
    const { port } = new URL(base);
    const [answer] = (await once(
      request(`${base}/v1/products`, { headers: { host: `evil.example:${port}` } }).end(),
      'response',
    )) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(421);
  });
});

describe('outside of the API', () => {
  it('an unknown path is 404, a wrong method 405 with those that are right', async () => {
    const nowhere = await fetch(`${base}/v1/bread`);
    expect(await nowhere.json()).toMatchObject({ type: PROBLEMS.notFound.type, instance: '/v1/bread' });
    const answer = await fetch(`${base}/v1/orders/${ID}`, { method: 'DELETE' });
    expect(answer.headers.get('allow')).toBe('GET, HEAD, PATCH');
    expect(await answer.json()).toMatchObject({ type: PROBLEMS.methodNotAllowed.type });
  });

  it('a path that is a name where others have an id is asked for with its own methods alone', async () => {
    const patternOf = (path: string) => new RegExp(`^${path.replaceAll('.', '[.]').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
    const methodsOf = (path: string) => OPERATIONS.filter((one) => one.path === path).map(({ method }) => method);
    const wrong = OPERATIONS.filter(({ path }) => !path.includes('{')).flatMap(({ path }) =>
      OPERATIONS.filter((other) => other.path !== path && patternOf(other.path).test(path))
        .filter(({ method }) => !methodsOf(path).includes(method))
        .map(({ method }) => ({ path, method })),
    );
    expect(wrong).toContainEqual({ path: '/v1/sagas/operations', method: 'GET' });
    for (const { path, method } of wrong) {
      const answer = await fetch(base + path, { method });
      expect([path, method, answer.status]).toEqual([path, method, 405]);
      for (const right of methodsOf(path)) expect(answer.headers.get('allow')).toContain(right);
    }
  });
});
