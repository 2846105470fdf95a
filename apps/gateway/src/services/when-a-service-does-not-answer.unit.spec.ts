import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogger, type RequestContext } from '@backstep/service';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { ServiceClient, UnexpectedAnswerError } from './service-client.js';

/**
 * Goal: whatever a peer does, a client of the gateway gets an answer in time: the peer's own refusal, or 503 with Retry-After.
 * Method: a peer on a free port that misbehaves as each test says.
 */
const SHORT_MS = 100;
const Loaf = z.object({ loaf: z.int() });
const logger = createLogger({ service: 'gateway', level: 'error' });
const context: RequestContext = {
  requestId: 'r-1',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};
const servers: Server[] = [];
const clients: ServiceClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function peer(listener: RequestListener): Promise<ServiceClient> {
  const server = createServer(listener);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`);
}

function clientOf(url: string): ServiceClient {
  const client = new ServiceClient('bakery', url, logger);
  clients.push(client);
  return client;
}

async function problemOf(asked: Promise<unknown>): Promise<ProblemError> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('it was answered');
}

describe('a request to a service', () => {
  it('a request to a service carries query, headers and body, and the id and trace of the client’s request', async () => {
    let seen: IncomingMessage | undefined;
    let body = '';
    const client = await peer((request, response) => {
      seen = request;
      void text(request).then((received) => {
        body = received;
        response.writeHead(201, { 'x-oven': 'hot' }).end('{"loaf":1}');
      });
    });
    const answer = await client.request(context, {
      answer: Loaf,
      method: 'POST',
      path: '/loaves',
      query: { kind: 'rye & spelt', size: 2, none: undefined },
      headers: { 'idempotency-key': 'k', prefer: undefined },
      body: { flour: true },
    });
    expect(seen?.url).toBe('/base/loaves?kind=rye+%26+spelt&size=2'.replace('+%26+', '%20%26%20'));
    expect(seen?.headers).toMatchObject({
      'x-request-id': 'r-1',
      traceparent: context.traceparent,
      'idempotency-key': 'k',
      'content-type': 'application/json',
    });
    expect(seen?.headers).not.toHaveProperty('prefer');
    expect(body).toBe('{"flour":true}');
    expect(answer).toMatchObject({ status: 201, body: { loaf: 1 } });
    expect(answer.header('x-oven')).toBe('hot');
  });

  it('a refusal of the service is passed on, except for its instance and request id', async () => {
    const client = await peer((_, response) => {
      const headers = { 'content-type': 'application/problem+json', etag: '"v4"', server: 'oven/1.0' };
      const problem = {
        type: 'urn:bakery:stale',
        title: 'Stale',
        status: 412,
        detail: 'baked on Monday',
        current: { version: 4 },
      };
      response
        .writeHead(412, headers)
        .end(JSON.stringify({ ...problem, instance: '/base/loaves', requestId: 'theirs' }));
    });
    const problem = await problemOf(client.get(context, '/loaves', Loaf));
    expect(problem.problem).toMatchObject({ type: 'urn:bakery:stale', title: 'Stale', status: 412 });
    expect(problem.message).toBe('baked on Monday');
    expect(problem.extensions).toEqual({ current: { version: 4 } });
    expect(problem.headers).toEqual({ etag: '"v4"' });
  });
});

it.each(['{"bread":1}', '{"loaf":"one"}', '[]', 'null', ''])(
  'an answer of an undeclared shape is a fault that names the service: %p',
  async (told) => {
    const client = await peer((_, response) => response.end(told));
    const asked = client.get(context, '/loaves', Loaf);
    await expect(asked).rejects.toThrow(UnexpectedAnswerError);
    await expect(asked).rejects.toThrow('the answer of bakery to /loaves');
  },
);

describe('503 with Retry-After is the answer', () => {
  const expectUnavailable = (problem: ProblemError, retryAfter = '2') => {
    expect(problem.problem).toBe(PROBLEMS.unavailable);
    expect(problem.message).toBe('The bakery service does not answer.');
    expect(problem.headers).toEqual({ 'retry-after': retryAfter });
  };

  it('503 with Retry-After is the answer when the connection is refused', async () => {
    expectUnavailable(await problemOf(clientOf('http://127.0.0.1:1').get(context, '/loaves', Loaf)));
  });

  it.each([500, 502, 503])('503 with Retry-After is the answer when the service fails with %d', async (status) => {
    const client = await peer((_, response) => response.writeHead(status).end('{"title":"password=hunter2"}'));
    expectUnavailable(await problemOf(client.get(context, '/loaves', Loaf)));
  });

  it.each([
    ['fails: no second try mends that', PROBLEMS.internal],
    ['gave up waiting: what became of it is unknown', PROBLEMS.handlerTimeout],
  ])('503 with Retry-After is not the answer when the service %s', async (_, told) => {
    const client = await peer((_request, response) =>
      response.writeHead(told.status).end(JSON.stringify({ ...told, detail: 'password=hunter2' })),
    );
    const problem = await problemOf(client.get(context, '/loaves', Loaf));
    expect(problem.problem).toBe(told);
    expect(problem.message).not.toContain('hunter2');
    expect(problem.headers).toEqual({});
  });

  it('503 has the Retry-After of the service', async () => {
    const client = await peer((_, response) => response.writeHead(503, { 'retry-after': '7' }).end());
    expectUnavailable(await problemOf(client.get(context, '/loaves', Loaf)), '7');
  });

  it('503 with Retry-After is the answer when the connection breaks before or within the service’s answer', async () => {
    const silent = await peer((request) => request.socket.destroy());
    expectUnavailable(await problemOf(silent.get(context, '/loaves', Loaf)));
    const half = await peer((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"half":', () => response.destroy());
    });
    expectUnavailable(await problemOf(half.get(context, '/loaves', Loaf)));
  });

  it('503 with Retry-After is the answer when the service’s answer does not begin in time', async () => {
    const client = await peer(() => undefined);
    expectUnavailable(await problemOf(client.request(context, { answer: Loaf, path: '/loaves', answerMs: SHORT_MS })));
  });

  it.each([
    [200, '<html>'],
    [404, '<html>'],
    [404, '{"error":"no"}'],
    [404, ''],
  ])('503 with Retry-After is the answer when something else answers: %d %s', async (status, body) => {
    const client = await peer((_, response) => response.writeHead(status).end(body));
    expectUnavailable(await problemOf(client.get(context, '/loaves', Loaf)));
  });
});
