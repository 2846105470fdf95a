import { afterAll, beforeAll, expect } from '@jest/globals';
import { createApp, createLogger, OPEN_DOORS, loadConfig, platformConfig, type PlatformApp } from '@backstep/service';
import type { FastifyInstance } from 'fastify';
import type { OpenApiDocument, OperationObject } from './api/openapi-types.js';
import { GATEWAY_CONFIG } from './config.js';
import { CONSOLE_FOLDER } from './console/console.js';
import { aBuiltConsole, type BuiltConsole } from './console/built-console.fixture.spec.js';
import { moduleOf } from './lab/module-of.js';

/** The whole gateway on a free port, with every service and Kafka unreachable. */
const NOWHERE = 'http://127.0.0.1:1';
export const ID = '0199a3b0-7c1e-7000-8000-000000000001';
/** Its log. */
export const lines: string[] = [];
/** As they are served. */
export const routes: { readonly method: string; readonly url: string }[] = [];
let platform: PlatformApp;
export let builtConsole: BuiltConsole;
export let base: string;
export let document: OpenApiDocument;

/** Starts it before the specs of this file, with further settings. */
export function startGatewayAlone(settings: Readonly<Record<string, string>> = {}): void {
  beforeAll(async () => {
    builtConsole = aBuiltConsole();
    const urls = ['ORDER', 'INVENTORY', 'PAYMENT', 'SHIPMENT', 'ORCHESTRATOR'].map((name) => [`${name}_URL`, NOWHERE]);
    const config = loadConfig(
      { ...platformConfig(0), ...GATEWAY_CONFIG },
      { ...Object.fromEntries(urls), KAFKA_BROKERS: '127.0.0.1:1', ...settings },
    );
    const logger = createLogger({
      service: 'gateway',
      level: 'debug',
      destination: { write: (line) => void lines.push(line) },
    });
    const doors = { ...OPEN_DOORS, access: 'public' as const };
    const shared = [{ provide: CONSOLE_FOLDER, useValue: builtConsole.folder }];
    platform = await createApp({ name: 'gateway', module: moduleOf(config), config, logger, doors, shared });
    const fastify = platform.app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    fastify.addHook(
      'onRoute',
      ({ method, url }) => void routes.push(...[method].flat().map((name) => ({ method: name, url }))),
    );
    await platform.app.listen(0, '127.0.0.1');
    base = await platform.app.getUrl();
    document = (await (await fetch(`${base}/openapi.json`)).json()) as OpenApiDocument;
  });

  afterAll(async () => {
    await platform.app.close();
    builtConsole.remove();
  });
}

interface Asked extends RequestInit {
  readonly json?: unknown;
}

/** Asks, and checks that the answer is documented: status, headers, media type, problem type. */
export async function ask(method: string, path: string, { json, ...init }: Asked = {}) {
  const body = json === undefined ? (init.body ?? null) : JSON.stringify(json);
  const contentType: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(base + path, { ...init, method, body, headers: { ...contentType, ...init.headers } });
  const mediaType = answer.headers.get('content-type')?.split(';', 1)[0] ?? '';
  const content: unknown = mediaType.endsWith('json') ? await answer.json() : await answer.text();
  expectDocumented(operationOf(method, path), answer, mediaType, content);
  return { status: answer.status, headers: answer.headers, body: content as Record<string, unknown> };
}

export function operationOf(method: string, path: string): OperationObject {
  const [pathname] = path.split('?', 1);
  // A path with a parameter may match as well: one that has the method is meant.
  const operation = Object.entries(document.paths)
    .filter(([one]) => new RegExp(`^${one.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname ?? ''))
    .map(([, methods]) => methods[method.toLowerCase()])
    .find((one) => one !== undefined);
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

export const anOrder = (change: object = {}) => ({
  items: [{ sku: 'TEA-1', quantity: 1 }],
  paymentMethod: 'pm_card_visa',
  shippingAddress: { name: 'Ada', line1: '1 Way', city: 'Berlin', postalCode: '10115', country: 'DE' },
  ...change,
});
export const place = (json: unknown, headers: Record<string, string> = { 'idempotency-key': 'k-1' }) =>
  ask('POST', '/v1/orders', { json, headers });
