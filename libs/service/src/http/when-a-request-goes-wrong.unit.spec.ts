import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InvalidMessageError } from '@backstep/messages';
import { BadRequestException, Body, Controller, Get, Inject, Module, Param, Post, Query } from '@nestjs/common';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { createApp, type PlatformApp } from '../lifecycle/create-app.js';
import { createLogger, Logger } from '../logging/logger.js';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { Context, loggable, type RequestContext } from './request-context.js';
import { check, zod } from '@backstep/problems';

/**
 * Goal: whatever goes wrong, a client gets one kind of answer, `application/problem+json` with a stable type, and never our internals.
 * Method: a real Nest application on Fastify on a free port; requests by fetch, and by a raw socket where fetch cannot send them.
 */
const Cake = z.strictObject({
  layers: z.array(z.strictObject({ of: z.string(), quantity: z.int().min(1) })).min(1),
  note: z.string().optional(),
});

@Controller('v1/cakes')
class CakesController {
  constructor(@Inject(Logger) private readonly logger: Logger) {}

  @Post()
  bake(@Body(zod(Cake)) cake: z.infer<typeof Cake>, @Context() context: RequestContext) {
    this.logger.info('baking', loggable(context));
    return { lines: cake.layers.length, context };
  }

  @Get()
  list(@Query(zod(z.strictObject({ limit: z.coerce.number().int().max(100).optional() }))) query: { limit?: number }) {
    return query;
  }

  @Get('key')
  key() {
    check(z.string(), undefined, 'header', 'Idempotency-Key');
  }

  @Post('batches')
  batch() {
    return { baked: true };
  }

  @Get(':id')
  read(@Param('id', zod(z.uuid())) id: string) {
    throw new ProblemError(PROBLEMS.notFound, { detail: `There is no cake ${id}.`, extensions: { id, status: 999 } });
  }
}

const FAILURES: Readonly<Record<string, () => Error>> = {
  unknown: () => new Error('password=hunter2 at /srv/app/secret.ts'),
  refused: () => new Error('query failed', { cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) }),
  pool: () => new Error('timeout exceeded when trying to connect'),
  shutdown: () => Object.assign(new Error('QueryFailedError'), { driverError: { code: '57P01' } }),
  readOnly: () => Object.assign(new Error('QueryFailedError'), { driverError: { code: '25006' } }),
  diskFull: () => Object.assign(new Error('could not extend file'), { code: '53100' }),
  cancelled: () => Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' }),
  dropped: () => Object.assign(new Error('database was dropped'), { code: '57P04' }),
  disk: () => Object.assign(new Error('QueryFailedError'), { driverError: { code: '58030' } }),
  silent: () => new Error('Query read timeout'),
  deadlock: () => Object.assign(new Error('QueryFailedError'), { driverError: { code: '40P01' } }),
  lock: () => Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' }),
  contended: () => Object.assign(new Error('lost'), { name: 'ContendedError', retryable: true }),
  translated: () => Object.assign(new Error('the database cannot be reached'), { retryable: true }),
  name: () => new Error('fetch failed', { cause: Object.assign(new Error('getaddrinfo'), { code: 'EAI_AGAIN' }) }),
  oversize: () => new InvalidMessageError('oversize', 'CakeBaked has 9 bytes; Kafka takes 8 on oven.events'),
  nest: () => new BadRequestException('that is not it'),
  later: () => new ProblemError(PROBLEMS.unavailable, { headers: { 'retry-after': '7' } }),
};

@Controller('fail')
class FailingController {
  @Get(':how')
  fail(@Param('how') how: string) {
    throw FAILURES[how]?.() ?? new Error('no such failure');
  }
}

@Module({ controllers: [CakesController, FailingController] })
class ShopModule {}

const lines: string[] = [];
let platform: PlatformApp;
let base: string;

beforeAll(async () => {
  const logger = createLogger({
    service: 'shop',
    level: 'debug',
    destination: { write: (line) => void lines.push(line) },
  });
  platform = await createApp({ name: 'shop', module: ShopModule, config: {}, logger });
  await platform.app.listen(0, '127.0.0.1');
  base = await platform.app.getUrl();
});

afterAll(() => platform.app.close());

const logged = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

async function ask(path: string, init?: RequestInit) {
  const response = await fetch(base + path, init);
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, type: response.headers.get('content-type'), headers: response.headers, body };
}

const post = (body: string, contentType = 'application/json') =>
  ask('/v1/cakes', { method: 'POST', body, headers: { 'content-type': contentType } });

describe('a request that is right', () => {
  it('a valid request has its trace and its request id in its log lines', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const answer = await ask('/v1/cakes', {
      method: 'POST',
      body: JSON.stringify({ layers: [{ of: 'a', quantity: 1 }] }),
      headers: {
        'content-type': 'application/json',
        traceparent: `00-${traceId}-b7ad6b7169203331-01`,
        'x-request-id': 'req-42',
      },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-request-id')).toBe('req-42');
    expect(answer.body).toMatchObject({ lines: 1, context: { requestId: 'req-42', traceId } });
    expect(logged()).toContainEqual(
      expect.objectContaining({ msg: 'baking', requestId: 'req-42', traceId, service: 'shop' }),
    );
  });

  it('a request without a valid request id and trace gets new ones', async () => {
    const answer = await ask('/v1/cakes', {
      headers: { 'x-request-id': 'a b\tc'.repeat(40), traceparent: 'nonsense' },
    });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a request id that looks like a card number', () => {
  it.each(['4242424242424242', 'cake-4242-4242-4242-4242', 'r/378282246310005', '4242.4242.4242.4242:1'])(
    'a request id that looks like a card number is neither answered nor logged: %s',
    async (id) => {
      const answer = await ask('/v1/cakes', { headers: { 'x-request-id': id } });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(JSON.stringify([answer.body, logged()])).not.toContain(id);
    },
  );

  it('a time, a short number and a UUID are taken as request ids', async () => {
    for (const id of ['1700000000000', 'req-42', '42424242-4242-4242-4242-424242424242']) {
      const answer = await ask('/v1/cakes', { headers: { 'x-request-id': id } });
      expect(answer.headers.get('x-request-id')).toBe(id);
    }
  });
});

describe('a body that is wrong', () => {
  it('an invalid body is refused with each wrong field named, unknown ones too', async () => {
    const answer = await post(JSON.stringify({ layers: [{ of: 'a', quantity: 0, colour: 'red' }], coupon: 'x' }));
    expect(answer).toMatchObject({ status: 400, type: 'application/problem+json' });
    expect(answer.body).toMatchObject({
      type: 'urn:backstep:problem:validation',
      title: 'The request is not valid',
      status: 400,
      instance: '/v1/cakes',
      errors: [
        { in: 'body', field: 'layers.0.quantity', pointer: '#/layers/0/quantity', message: expect.any(String) },
        { in: 'body', field: 'layers.0.colour', pointer: '#/layers/0/colour', message: 'is not a known field' },
        { in: 'body', field: 'coupon', pointer: '#/coupon', message: 'is not a known field' },
      ],
    });
  });

  it.each([
    ['malformed JSON', 400, 'malformed-json', '{"items":', 'application/json'],
    ['no bytes', 400, 'malformed-json', '', 'application/json'],
    ['JSON with a poisoned prototype', 400, 'malformed-json', '{"__proto__":{"admin":true}}', 'application/json'],
    ['text', 415, 'unsupported-media-type', 'hello', 'text/plain'],
    ['form data', 415, 'unsupported-media-type', 'a=b', 'application/x-www-form-urlencoded'],
    ['more than 64 KB', 413, 'payload-too-large', JSON.stringify({ note: 'x'.repeat(70_000) }), 'application/json'],
  ])('a body of %s gets %i', async (_what, status, name, body, contentType) => {
    const answer = await post(body, contentType);
    expect(answer).toMatchObject({ status, type: 'application/problem+json' });
    expect(answer.body).toMatchObject({ type: `urn:backstep:problem:${name}`, status });
  });

  it('a request without a body is told that it needs one', async () => {
    const answer = await ask('/v1/cakes', { method: 'POST' });
    expect(answer.body).toMatchObject({ status: 400, type: PROBLEMS.malformedJson.type });
  });
});

describe('a query, a path or a header that is wrong', () => {
  it.each([
    ['/v1/cakes?limit=500', { in: 'query', field: 'limit' }],
    ['/v1/cakes?page=1', { in: 'query', field: 'page', message: 'is not a known field' }],
    ['/v1/cakes/42', { in: 'path', field: 'id' }],
    ['/v1/cakes/key', { in: 'header', field: 'Idempotency-Key' }],
  ])('the answer to %s names the field that is wrong', async (path, error) => {
    const answer = await ask(path);
    expect(answer.status).toBe(400);
    expect(answer.body['errors']).toEqual([expect.objectContaining(error)]);
  });
});

describe('a path', () => {
  it('a path that no route serves gets 404', async () => {
    const answer = await ask('/v1/carts');
    expect(answer).toMatchObject({
      status: 404,
      type: 'application/problem+json',
      body: { type: PROBLEMS.notFound.type },
    });
  });

  it('a path that is served with other methods gets 405, which lists them', async () => {
    const answer = await ask('/v1/cakes/42', { method: 'DELETE' });
    expect(answer).toMatchObject({ status: 405, body: { type: PROBLEMS.methodNotAllowed.type } });
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
  });

  it('a path with a name of its own is no id: a method of the ids alone gets 405 there, whatever the query', async () => {
    for (const path of ['/v1/cakes/batches', '/v1/cakes/batches?limit=2']) {
      const answer = await ask(path);
      expect(answer).toMatchObject({ status: 405, body: { type: PROBLEMS.methodNotAllowed.type } });
      expect(answer.headers.get('allow')).toBe('POST');
    }
    expect((await fetch(`${base}/v1/cakes/batches`, { method: 'HEAD' })).status).toBe(405);
    expect(await ask('/v1/cakes/batches', { method: 'POST' })).toMatchObject({ status: 201, body: { baked: true } });
    expect(await ask('/v1/cakes/other')).toMatchObject({ status: 400 });
  });

  it('a path that cannot be decoded gets 400', async () => {
    expect(await ask('/v1/cakes/%E0%A4%A')).toMatchObject({
      status: 400,
      body: { type: PROBLEMS.malformedRequest.type },
    });
  });

  it('a path with too long a part gets 414', async () => {
    expect(await ask(`/v1/cakes/${'x'.repeat(300)}`)).toMatchObject({
      status: 414,
      body: { type: PROBLEMS.uriTooLong.type },
    });
  });
});

describe('what is not HTTP', () => {
  it('bytes that are not HTTP are answered with a problem, too', async () => {
    const { port } = new URL(base);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('HELLO\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('content-type: application/problem+json');
    expect(answer).toContain(PROBLEMS.malformedRequest.type);
  });
});

describe('a failure', () => {
  it('an unexpected failure gets 500 without its cause, and is logged in full but for its secrets', async () => {
    const answer = await ask('/fail/unknown');
    expect(answer).toMatchObject({ status: 500, body: { type: PROBLEMS.internal.type } });
    expect(JSON.stringify(answer.body)).not.toMatch(/hunter2|secret\.ts|Error/);
    const line = lines.find((candidate) => candidate.includes('a request failed')) ?? '';
    expect(line).toContain('secret.ts');
    expect(line).not.toContain('hunter2');
    expect(JSON.parse(line)).toMatchObject({
      requestId: answer.body['requestId'],
      error: { stack: expect.any(String) },
    });
  });

  it('a message that would be larger than Kafka takes gets 413, which says how large', async () => {
    expect(await ask('/fail/oversize')).toMatchObject({
      status: 413,
      body: { type: PROBLEMS.payloadTooLarge.type, detail: expect.stringContaining('Kafka takes 8') },
    });
  });

  it.each([
    ...['refused', 'pool', 'shutdown', 'readOnly', 'diskFull', 'cancelled', 'dropped', 'disk', 'silent'],
    ...['translated', 'name'],
  ])('a dependency that is away (%s) gets 503, which says when to try again', async (how) => {
    const answer = await ask(`/fail/${how}`);
    expect(answer).toMatchObject({ status: 503, body: { type: PROBLEMS.unavailable.type } });
    expect(answer.headers.get('retry-after')).toBe('2');
  });

  it.each(['deadlock', 'lock', 'contended'])(
    'a conflict with others that write the same (%s) is 503 contended, and no outage',
    async (how) => {
      const answer = await ask(`/fail/${how}`);
      expect(answer).toMatchObject({ status: 503, body: { type: PROBLEMS.contended.type } });
      expect(answer.headers.get('retry-after')).toBe('2');
    },
  );

  it('a problem keeps its headers, detail and extensions, but cannot replace a standard member', async () => {
    expect((await ask('/fail/later')).headers.get('retry-after')).toBe('7');
    const id = '0199a3f4-7d52-7c35-9d4e-0a6f6e2f1f11';
    expect((await ask(`/v1/cakes/${id}`)).body).toMatchObject({ status: 404, id, detail: `There is no cake ${id}.` });
  });

  it('an exception of Nest is answered as a problem', async () => {
    expect(await ask('/fail/nest')).toMatchObject({
      status: 400,
      type: 'application/problem+json',
      body: { detail: 'that is not it' },
    });
  });
});

describe('health and metrics', () => {
  it('health and metrics are served by every service', async () => {
    expect(await ask('/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await ask('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ok', service: 'shop', checks: {} },
    });
    const metrics = await fetch(`${base}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    const counts = (await metrics.text()).split('\n').filter((line) => line.includes('duration_seconds_count{'));
    expect(counts.join('\n')).toMatch(
      /backstep_http_request_duration_seconds_count\{service="shop",method="DELETE",route="unmatched",status="405"\} 1/,
    );
  });
});
