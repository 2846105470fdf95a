import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createApp,
  createLogger,
  HTTP_LIMITS,
  OPEN_DOORS,
  loadConfig,
  platformConfig,
  type PlatformApp,
  PROBLEMS,
} from '@backstep/platform';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { FastifyInstance } from 'fastify';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { OpenApiDocument, OperationObject } from './api/openapi-types.js';
import { GATEWAY_CONFIG } from './config.js';
import { GatewayModule } from './gateway.module.js';
import { formatPlace } from './list-parked/parked-cursor.js';
import { OPERATIONS } from './operations.js';
import { SHELL_VARIABLES } from './docs/curl-example.js';
import { PlaceOrder } from './place-order/place-order.js';

/**
 * Goal: the document, the routes and the answers say the same.
 * Method: the whole gateway on a free port with every service and Kafka unreachable. Each answer is checked to be one that
 * its operation documents: status, headers, media type, problem type.
 */
const run = promisify(execFile);
const NOWHERE = 'http://127.0.0.1:1';
const ID = '0199a3b0-7c1e-7000-8000-000000000001';
const lines: string[] = [];
const routes: { readonly method: string; readonly url: string }[] = [];
let platform: PlatformApp;
let base: string;
let document: OpenApiDocument;

beforeAll(async () => {
  const urls = ['ORDER', 'INVENTORY', 'PAYMENT', 'SHIPMENT', 'ORCHESTRATOR'].map((name) => [`${name}_URL`, NOWHERE]);
  const config = loadConfig(
    { ...platformConfig(0), ...GATEWAY_CONFIG },
    { ...Object.fromEntries(urls), KAFKA_BROKERS: '127.0.0.1:1' },
  );
  const logger = createLogger({
    service: 'gateway',
    level: 'debug',
    destination: { write: (line) => void lines.push(line) },
  });
  const doors = { ...OPEN_DOORS, access: 'public' as const };
  platform = await createApp({ name: 'gateway', module: GatewayModule, config, logger, doors });
  const fastify = platform.app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  fastify.addHook(
    'onRoute',
    ({ method, url }) => void routes.push(...[method].flat().map((name) => ({ method: name, url }))),
  );
  await platform.app.listen(0, '127.0.0.1');
  base = await platform.app.getUrl();
  document = (await (await fetch(`${base}/openapi.json`)).json()) as OpenApiDocument;
});

afterAll(() => platform.app.close());

interface Asked extends RequestInit {
  readonly json?: unknown;
}

/** Asks, and checks that the answer is documented. */
async function ask(method: string, path: string, { json, ...init }: Asked = {}) {
  const body = json === undefined ? (init.body ?? null) : JSON.stringify(json);
  const contentType: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(base + path, { ...init, method, body, headers: { ...contentType, ...init.headers } });
  const mediaType = answer.headers.get('content-type')?.split(';', 1)[0] ?? '';
  const content: unknown = mediaType.endsWith('json') ? await answer.json() : await answer.text();
  expectDocumented(operationOf(method, path), answer, mediaType, content);
  return { status: answer.status, headers: answer.headers, body: content as Record<string, unknown> };
}

function operationOf(method: string, path: string): OperationObject {
  const [pathname] = path.split('?', 1);
  const template = Object.keys(document.paths).find((one) =>
    new RegExp(`^${one.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname ?? ''),
  );
  const operation = document.paths[template ?? '']?.[method.toLowerCase()];
  if (!operation) throw new Error(`${method} ${path} is not documented`);
  return operation;
}

function expectDocumented(operation: OperationObject, answer: Response, mediaType: string, content: unknown): void {
  const documented = operation.responses[answer.status];
  if (!documented) throw new Error(`${operation.operationId} does not document status ${answer.status}`);
  expect(Object.keys(documented.content ?? { '': 0 })).toContain(mediaType);
  for (const name of ['location', 'etag', 'retry-after', 'idempotency-replayed', 'x-request-id']) {
    const names = Object.keys(documented.headers).map((header) => header.toLowerCase());
    if (answer.headers.has(name)) expect(names).toContain(name);
  }
  if (mediaType !== 'application/problem+json') return;
  const schema = documented.content?.[mediaType]?.schema;
  expect(schema?.properties?.['type']?.enum).toContain((content as { readonly type: string }).type);
}

const anOrder = (change: object = {}) => ({
  items: [{ sku: 'TEA-1', quantity: 1 }],
  paymentMethod: 'pm_card_visa',
  shippingAddress: { name: 'Ada', line1: '1 Way', city: 'Berlin', postalCode: '10115', country: 'DE' },
  ...change,
});
const place = (json: unknown, headers: Record<string, string> = { 'idempotency-key': 'k-1' }) =>
  ask('POST', '/v1/orders', { json, headers });

describe('the document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>);
    expect(result).toEqual({ valid: true });
  });

  it('has every route that is served, and none that is not', () => {
    const served = routes.filter(({ method }) => method !== 'HEAD').map(({ method, url }) => `${method} ${url}`);
    const documented = OPERATIONS.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    expect(served.sort()).toEqual(documented.sort());
  });

  it('has patterns that every tool reads, and says of every parameter what is checked', () => {
    const patterns: string[] = [];
    JSON.parse(JSON.stringify(document), (name, value: unknown) => {
      if (name === 'pattern') patterns.push(String(value));
      return value;
    });
    expect(patterns).not.toHaveLength(0);
    // No flags, no escapes that RE2 does not know, nothing that looks around or back.
    expect(patterns.filter((pattern) => /\\[pPuk1-9]|\(\?[=!<]/.test(pattern))).toEqual([]);
    for (const { parameters, operationId } of Object.values(document.paths).flatMap((methods) =>
      Object.values(methods),
    )) {
      for (const parameter of parameters) {
        if (!('schema' in parameter)) continue;
        const { type, enum: values, $ref } = parameter.schema;
        expect([operationId, parameter.name, type ?? values ?? $ref]).not.toContain(undefined);
      }
    }
    const cursor = operationOf('GET', '/v1/orders').parameters.find((one) => 'name' in one && one.name === 'cursor');
    expect(cursor).toMatchObject({ schema: { pattern: expect.stringContaining('orders[.]') } });
  });

  it('refers to nothing that it does not have', () => {
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/(schemas|parameters)\/([^"]+)"/g)];
    const missing = references.filter(
      ([, kind, name]) => !(name! in document.components[kind as 'schemas' | 'parameters']),
    );
    expect(missing).toEqual([]);
  });

  it('names every operation once, and each parameter of its path', () => {
    const ids = OPERATIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, params } of OPERATIONS) {
      expect([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)).toEqual(Object.keys(params));
    }
  });

  it('has examples that would be accepted', () => {
    const examples = document.components.schemas['PlaceOrder']?.examples ?? [];
    expect(examples).not.toHaveLength(0);
    for (const example of examples) expect(PlaceOrder.safeParse(example).success).toBe(true);
  });

  it('says what placing an order needs and may be answered', () => {
    const { parameters, responses } = operationOf('POST', '/v1/orders');
    expect(parameters).toContainEqual(
      expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: true }),
    );
    expect(Object.keys(responses)).toEqual([
      ...['202', '400', '403', '408', '413', '415', '421', '422', '431', '500', '503'],
    ]);
    expect(Object.keys(responses['202']!.headers)).toEqual(
      expect.arrayContaining(['Location', 'ETag', 'Idempotency-Replayed']),
    );
    const unprocessable = responses['422']!.content!['application/problem+json']!.schema.properties!['type']!.enum;
    expect(unprocessable).toEqual([
      PROBLEMS.idempotencyKeyReused.type,
      PROBLEMS.unknownSku.type,
      PROBLEMS.mixedCurrencies.type,
      PROBLEMS.outOfRange.type,
    ]);
  });

  it('is a page for people, too, that loads nothing and runs nothing', async () => {
    const { status, headers, body } = await ask('GET', '/docs');
    const page = String(body);
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<img|src=|<link (?!rel="icon" href="data:)/);
    for (const { path, summary } of OPERATIONS) {
      expect(page).toContain(path);
      expect(page).toContain(summary.replaceAll("'", '&#39;'));
    }
  });
});

describe('the page for people', () => {
  const commandsOf = (page: string): string[] =>
    [...page.matchAll(/<pre tabindex="0" class="curl">([^]*?)<\/pre>/g)].map(([, text]) =>
      (text ?? '')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&'),
    );

  it('has a command for each operation, which a shell runs and the gateway lets pass', async () => {
    const commands = commandsOf(await (await fetch(`${base}/docs`)).text());
    expect(commands).toHaveLength(OPERATIONS.length);
    const ids = Object.fromEntries(SHELL_VARIABLES.map((name) => [name, name === 'version' ? '1' : ID]));
    for (const command of commands) {
      const here = command.replace('http://127.0.0.1:3000', base);
      const { stdout } = await run('sh', ['-c', `${here} -s`], { env: { ...process.env, ...ids } });
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(stdout)?.[1]);
      // Every service is away: what gets as far as 503 is nothing that the gateway refuses.
      expect([command, [200, 503].includes(status)]).toEqual([command, true]);
    }
  });

  it.each(['/', '/v1'])('%s leads to it, and tells programs where things are', async (path) => {
    const browser = await fetch(base + path, { headers: { accept: 'text/html' }, redirect: 'manual' });
    expect([browser.status, browser.headers.get('location')]).toEqual([302, '/docs']);
    const program = await ask('GET', path);
    expect(program.body).toMatchObject({ name: 'Backstep', version: document.info.version, links: { docs: '/docs' } });
    expect((await fetch(`${base}/docs/`)).status).toBe(200);
  });
});

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
  ])('with %s', (_, json, field) => refused(json, field));

  it.each([[undefined], [''], ['x'.repeat(256)], ['ключ']])('with the Idempotency-Key %j', async (key) => {
    // fetch sends header values byte by byte.
    const headers: Record<string, string> =
      key === undefined ? {} : { 'idempotency-key': Buffer.from(key).toString('latin1') };
    const { status, body } = await place(anOrder(), headers);
    expect([status, body['type']]).toEqual([400, PROBLEMS.idempotencyKeyMissing.type]);
  });

  it('with a body that is no JSON, none, or too large', async () => {
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
  ])('with a card number %s, which is not repeated and in no log', async (_, json, field) => {
    lines.length = 0;
    await refused(json, field);
    const { body } = await place(json);
    expect(JSON.stringify(body) + lines.join('')).not.toMatch(/4242/);
  });

  it('with a card number as its key, or in a body that is no JSON, which are not repeated', async () => {
    lines.length = 0;
    const asKey = await place(anOrder(), { 'idempotency-key': '4242 4242 4242 4242' });
    expect([asKey.status, asKey.body['errors']]).toEqual([
      400,
      [expect.objectContaining({ field: 'Idempotency-Key', message: 'must not contain a card number' })],
    ]);
    const headers = { 'idempotency-key': 'k-1', 'content-type': 'application/json' };
    const broken = await ask('POST', '/v1/orders', { headers, body: '4242424242424242}' });
    expect(broken.status).toBe(400);
    expect(JSON.stringify([asKey.body, broken.body]) + lines.join('')).not.toMatch(/4242/);
  });

  it('and its payment method is in no log', async () => {
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
    [`/v1/products?cursor=${'x'.repeat(600)}`, 'cursor'],
    ['/v1/sagas?state=HAPPY', 'state'],
    ['/v1/sagas?orderId=42', 'orderId'],
    ...['orders', 'products', 'sagas', 'parked'].map((list) => [`/v1/${list}?cursor=nonsense`, 'cursor'] as const),
    ...['products', 'sagas', 'parked'].map((list) => [`/v1/${list}?cursor=orders.${ID}`, 'cursor'] as const),
    [`/v1/parked?service=order&cursor=${formatPlace({ service: 'payment' })}`, 'cursor'],
    ['/v1/parked?service=bakery', 'service'],
    ['/v1/orders/42', 'orderId'],
    ['/v1/orders/42/events', 'orderId'],
    ['/v1/products/-tea', 'sku'],
    ['/v1/payment-intents/42', 'paymentIntentId'],
  ])('%s', async (path, field) => {
    const { status, body } = await ask('GET', path);
    expect(status).toBe(400);
    expect(body['errors']).toContainEqual(expect.objectContaining({ field }));
  });

  it('in a header as well', async () => {
    const events = await ask('GET', `/v1/orders/${ID}/events`, { headers: { 'last-event-id': '42' } });
    expect(events.body['errors']).toContainEqual(expect.objectContaining({ in: 'header', field: 'Last-Event-ID' }));
    const json = { name: 'Tea', currency: 'EUR', price: 1 };
    const product = await ask('PUT', '/v1/products/TEA-1', { json, headers: { 'if-match': 'W/"v1"' } });
    expect(product.body['errors']).toContainEqual(expect.objectContaining({ in: 'header', field: 'If-Match' }));
  });
});

describe('an action on a saga', () => {
  const act = (
    action: string,
    {
      json = { reason: 'INC-7' },
      headers = {},
      query = '',
    }: { json?: unknown; headers?: Record<string, string>; query?: string },
  ) =>
    ask('POST', `/v1/sagas/${ID}/${action}${query}`, {
      json,
      headers: { 'x-operator': 'ada', 'if-match': '"v1"', ...headers },
    });

  it.each([
    ['no reason', { json: {} }, 'reason'],
    ['a reason on two lines', { json: { reason: 'a\nb' } }, 'reason'],
    ['a reason that is a novel', { json: { reason: 'x'.repeat(501) } }, 'reason'],
    ['nobody who acts', { headers: { 'x-operator': ' ' } }, 'X-Operator'],
    ['a version that is none', { headers: { 'if-match': '*' } }, 'If-Match'],
    ['another dryRun', { query: '?dryRun=yes' }, 'dryRun'],
  ])('with %s is refused', async (_, asked, field) => {
    const { status, body } = await act('skip', asked);
    expect([status, body['errors']]).toEqual([400, expect.arrayContaining([expect.objectContaining({ field })])]);
  });

  it('without the version that was seen is 428', async () => {
    const { status, body } = await ask('POST', `/v1/sagas/${ID}/skip`, {
      json: { reason: 'INC-7' },
      headers: { 'x-operator': 'ada' },
    });
    expect([status, body['type']]).toEqual([428, PROBLEMS.preconditionRequired.type]);
  });

  it.each(['retry', 'skip', 'compensate', 'abandon'])('%s is 503 while the orchestrator is away', async (action) => {
    const { status, body } = await act(action, { query: '?dryRun=true' });
    expect([status, body['type']]).toEqual([503, PROBLEMS.unavailable.type]);
  });
});

describe('while every service is away', () => {
  it.each([
    ['POST', '/v1/orders', anOrder()],
    ['GET', '/v1/orders', undefined],
    ['GET', `/v1/orders/${ID}`, undefined],
    ['GET', `/v1/orders/${ID}/events`, undefined],
    ['GET', '/v1/products', undefined],
    ['GET', '/v1/products/TEA-1', undefined],
    ['PUT', '/v1/products/TEA-1', { name: 'Tea', currency: 'EUR', price: 1 }],
    ['POST', '/v1/products/TEA-1/adjustments', { delta: 1, reason: 'found' }],
    ['GET', `/v1/payment-intents/${ID}`, undefined],
    ['GET', '/v1/sagas', undefined],
    ['GET', `/v1/sagas/${ID}`, undefined],
    ['POST', `/v1/parked/${ID}/replay`, undefined],
    ['POST', `/v1/parked/${ID}/discard?service=payment`, undefined],
  ])('%s %s is 503 and says when to try again', async (method, path, json: unknown) => {
    const { status, headers, body } = await ask(method, path, { json, headers: { 'idempotency-key': 'k-1' } });
    expect([status, body['type']]).toEqual([503, PROBLEMS.unavailable.type]);
    expect(headers.get('retry-after')).toBe('2');
  });

  it('a stream of events does not begin', async () => {
    const { status } = await ask('GET', `/v1/orders/${ID}/events`, { headers: { accept: 'text/event-stream' } });
    expect(status).toBe(503);
  });

  it('the list of parked messages says whom it could not ask', async () => {
    const { status, body } = await ask('GET', '/v1/parked');
    expect([status, body]).toEqual([
      200,
      { items: [], nextCursor: null, unreachable: ['order', 'inventory', 'payment', 'shipment', 'orchestrator'] },
    ]);
  });

  it('the gateway is live and ready', async () => {
    expect((await ask('GET', '/health/live')).status).toBe(200);
    expect((await ask('GET', '/health/ready')).body).toMatchObject({ status: 'ok' });
  });
});

describe('outside of the API', () => {
  it('an unknown path is 404, a wrong method 405 with those that are right', async () => {
    const nowhere = await fetch(`${base}/v1/bread`);
    expect(await nowhere.json()).toMatchObject({ type: PROBLEMS.notFound.type, instance: '/v1/bread' });
    const answer = await fetch(`${base}/v1/orders/${ID}`, { method: 'DELETE' });
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
    expect(await answer.json()).toMatchObject({ type: PROBLEMS.methodNotAllowed.type });
  });
});
