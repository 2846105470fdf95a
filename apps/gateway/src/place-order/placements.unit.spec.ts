import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger, type RequestContext } from '@backstep/service';
import { ProblemError } from '@backstep/problems';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { SERVICE_LIMITS, ServiceClient } from '../services/service-client.js';
import type { Services } from '../services/services.js';
import { PLACEMENT_LIMITS, Placements } from './placements.js';

/** Goal: many placements are few requests, and each client is told of its own order. Method: an order service on a free port that does as each test says. */
interface Asked {
  readonly placements: readonly { readonly idempotencyKey: string; readonly traceparent: string }[];
}
type Answering = (asked: Asked, response: ServerResponse) => void;

const context: RequestContext = {
  requestId: 'r',
  traceId: 't',
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
};
let server: Server;
let client: ServiceClient;
let placements: Placements;
let answering: Answering;
let asked: Asked[];

beforeEach(async () => {
  asked = [];
  answering = placed;
  server = createServer((request: IncomingMessage, response) => {
    void json(request).then((body) => {
      asked.push(body as Asked);
      answering(body as Asked, response);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new ServiceClient('order', url, createLogger({ service: 'gateway', level: 'error' }));
  placements = new Placements({ order: client } as Services);
});

afterEach(async () => {
  await client.close();
  server.close().closeAllConnections();
});

const answerTo = ({ placements: each }: Asked, answer: (key: string) => unknown): string =>
  JSON.stringify({ answers: each.map(({ idempotencyKey }) => answer(idempotencyKey)) });
const order = (key: string) => ({ status: 202, replayed: key.startsWith('again'), order: { id: key } });
const placed: Answering = (body, response) => void response.end(answerTo(body, order));

const place = (idempotencyKey: string, size = 10) =>
  placements.place(context, { idempotencyKey, order: { paymentMethod: 'x'.repeat(size) } });
const keys = (count: number): string[] => Array.from({ length: count }, (_, at) => `k-${at}`);

describe('placements', () => {
  it('that come at the same time go with few requests, and each has its own answer', async () => {
    const count = PLACEMENT_LIMITS.perRequestMax * 3;
    const answers = await Promise.all(keys(count).map((key) => place(key)));
    expect(answers.map((answer) => answer.order.id)).toEqual(keys(count));
    expect(asked.length).toBeLessThanOrEqual(PLACEMENT_LIMITS.requestsMax);
    expect(asked[0]?.placements[0]).toMatchObject({ idempotencyKey: 'k-0', traceparent: context.traceparent });
  });

  it('that come alone go alone, at once', async () => {
    for (const key of keys(3)) await place(key);
    expect(asked.map(({ placements: each }) => each.length)).toEqual([1, 1, 1]);
  });

  it('say when they are replayed', async () => {
    expect(await place('again-1')).toMatchObject({ replayed: true, order: { id: 'again-1' } });
  });

  it('that are large go with fewer others', async () => {
    await Promise.all(keys(4).map((key) => place(key, PLACEMENT_LIMITS.bytesMax / 3)));
    expect(Math.max(...asked.map(({ placements: each }) => each.length))).toBe(2);
  });

  it('that are refused are refused alone, as the service says it', async () => {
    const problem = { type: SHOP_PROBLEMS.unknownSku.type, title: 'x', status: 422, skus: ['cup'] };
    answering = (body, response) =>
      response.end(
        answerTo(body, (key) =>
          key === 'k-1' ? { status: 422, problem, headers: { 'retry-after': '7' } } : order(key),
        ),
      );
    const outcomes = await Promise.allSettled(keys(3).map((key) => place(key)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const { reason } = outcomes[1] as { reason: ProblemError };
    expect(reason).toBeInstanceOf(ProblemError);
    expect(reason).toMatchObject({ status: 422, extensions: { skus: ['cup'] }, headers: { 'retry-after': '7' } });
  });

  it('of a request that breaks are all told to come again, and the next are placed', async () => {
    answering = (_, response) => void response.destroy();
    const outcomes = await Promise.allSettled(keys(5).map((key) => place(key)));
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ reason: { status: 503, headers: { 'retry-after': expect.any(String) } } });
    answering = placed;
    expect(await place('after')).toMatchObject({ order: { id: 'after' } });
  });

  it('beyond what may wait are refused at once', async () => {
    const outcomes = await Promise.allSettled(keys(SERVICE_LIMITS.requestsMax + 1).map((key) => place(key)));
    expect(outcomes.at(-1)).toMatchObject({ reason: { status: 503, headers: { 'retry-after': expect.any(String) } } });
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(SERVICE_LIMITS.requestsMax);
  });
});
