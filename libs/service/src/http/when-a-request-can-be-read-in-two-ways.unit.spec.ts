import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Headers, HttpCode, Module, Post, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { createApp, type PlatformApp } from '../lifecycle/create-app.js';
import { createLogger } from '../logging/logger.js';
import { HTTP_LIMITS } from './limits.js';
import { zod } from '@backstep/problems';

/**
 * Goal: a request that a proxy, a log and this service could read differently is refused, never read in one of the ways.
 * Method: a real application on a free port, and raw sockets, as no client sends such requests.
 */
@Controller('things')
class ThingsController {
  @Post()
  @HttpCode(200)
  make(@Body() body: unknown, @Headers('idempotency-key') key: string) {
    return { body: Array.isArray(body) ? 'a list' : body, key };
  }

  @Post('raw')
  @HttpCode(200)
  @RouteConfig({ rawBody: true })
  take(@Body() body: unknown) {
    return { bytes: Buffer.isBuffer(body) ? body.toString('hex') : typeof body };
  }

  @Get()
  list(@Query(zod(z.strictObject({ limit: z.string().optional() }))) query: object, @Headers('accept') accept: string) {
    return { query, accept };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let platform: PlatformApp;
let port: number;

beforeAll(async () => {
  const logger = createLogger({ service: 'things', level: 'error' });
  platform = await createApp({ name: 'things', module: ThingsModule, config: {}, logger });
  await platform.app.listen(0, '127.0.0.1');
  port = Number(new URL(await platform.app.getUrl()).port);
});
afterAll(() => platform.app.close());

async function send(head: readonly string[], body: string | Buffer = '') {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const bytes = Buffer.from(body);
  const length = bytes.length > 0 ? [`content-length: ${bytes.length}`] : [];
  socket.write([...head, 'host: 127.0.0.1', 'connection: close', ...length, '', ''].join('\r\n'));
  socket.write(bytes);
  const answer = await text(socket);
  const [, status = ''] = /^HTTP\/1\.1 (\d{3})/.exec(answer) ?? [];
  return { status: Number(status), answer, type: /urn:backstep:problem:([\w-]+)/.exec(answer)?.[1] };
}

const POST = ['POST /things HTTP/1.1', 'content-type: application/json', 'idempotency-key: k'];
const post = (body: string | Buffer, ...more: string[]) => send([...POST, ...more], body);

describe('a header that has one value', () => {
  it.each([
    ['Idempotency-Key', 'a', 'b'],
    ['idempotency-key', 'a', 'a'],
    ['Content-Type', 'application/json', 'text/plain'],
    ['Authorization', 'Bearer a', 'Bearer b'],
    ['If-Match', '"v1"', '"v2"'],
    ['Last-Event-ID', '1', '2'],
    ['X-Operator', 'ada', 'grace'],
    ['Host', 'localhost', '127.0.0.1'],
    ['Content-Encoding', 'identity', 'identity'],
  ])('the header %s is refused when it comes twice', async (name, one, two) => {
    const { status, answer } = await send(['POST /things HTTP/1.1', `${name}: ${one}`, `${name}: ${two}`], '{}');
    expect(status).toBe(400);
    expect(answer.toLowerCase()).toContain(`${name.toLowerCase()}: was sent more than once`);
    expect(answer).toContain('x-request-id: ');
  });

  it('a header that is a list goes on with its next line', async () => {
    const { answer } = await send(['GET /things HTTP/1.1', 'accept: text/html', 'accept: application/json']);
    expect(answer).toContain('"accept":"text/html, application/json"');
  });

  it.each([
    ['two lengths', ['content-length: 2', 'content-length: 3']],
    ['a length and chunks', ['content-length: 2', 'transfer-encoding: chunked']],
  ])('a request with %s gets 400, and the connection is closed', async (_what, lines) => {
    const { status } = await send([...POST, ...lines]);
    expect(status).toBe(400);
  });
});

describe('a body', () => {
  it.each([
    ['another charset', '{}', 'content-type: application/json; charset=utf-16'],
    ['a charset in quotes', '{}', 'content-type: application/json; charset="latin1"'],
    ['two charsets', '{}', 'content-type: application/json; charset=utf-8; charset=utf-16'],
    ['a charset beside spaces', '{}', 'content-type: application/json ; charset = iso-8859-1'],
  ])('a body with %s gets 415', async (_what, body, contentType) => {
    const { status, type } = await send(['POST /things HTTP/1.1', contentType], body);
    expect({ status, type }).toEqual({ status: 415, type: 'unsupported-media-type' });
  });

  it.each(['gzip', 'br', 'identity, gzip'])('a body with content-encoding %s gets 415', async (coding) => {
    expect(await post('{}', `content-encoding: ${coding}`)).toMatchObject({ status: 415 });
  });

  it('a body with another transfer coding gets 415', async () => {
    const { status } = await send([...POST, 'transfer-encoding: gzip, chunked']);
    expect(status).toBe(415);
  });

  it.each([
    ['a member twice', '{"quantity":1,"quantity":9}', 'quantity'],
    ['a member twice, once escaped', '{"quantity":1,"\\u0071uantity":9}', 'quantity'],
    ['a member twice, deep inside', '{"items":[{"a":{}},{"a":{"b":1,"b":1}}]}', 'b'],
    ['a member twice, an object between', '{"a":{"c":"}"},"b":"{","a":1}', 'a'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), 'UTF-8'],
    ['an overlong encoding', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'UTF-8'],
    ['a byte order mark', '\uFEFF{}', 'byte order mark'],
    ['UTF-16 in place of UTF-8', Buffer.from('{}', 'utf16le'), 'malformed-json'],
    ['half of a surrogate pair', '{"name":"\\ud800"}', 'surrogate'],
    ['a poisoned prototype', '{"a":{"__proto__":{}}}', 'malformed-json'],
    ['a poisoned constructor', '{"constructor":{"prototype":{}}}', 'malformed-json'],
  ])('a body with %s gets 400', async (_what, body, told) => {
    const { status, type, answer } = await post(body);
    expect({ status, type }).toEqual({ status: 400, type: 'malformed-json' });
    expect(answer).toContain(told);
  });

  it('a body that can be read in one way is taken, with escapes and equal names in different objects', async () => {
    const body = '{"a":{"a":"\\"a\\":"},"b":[{"a":"\\ud83c\\udf75","{":1},{"a":"🍵"}]}';
    const { status, answer } = await send(
      ['POST /things HTTP/1.1', 'content-type: application/json; charset=UTF-8'],
      body,
    );
    expect(status).toBe(200);
    expect(answer).toContain(JSON.stringify(JSON.parse(body)));
  });

  it('a deeply nested body does not overflow the stack', async () => {
    const { status } = await post(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect(status).toBe(200);
  });
});

describe('a query', () => {
  it.each(['limit=1&limit=2', 'limit=%E0%A4%A', 'limit=%zz'])('the query ?%s gets 400', async (query) => {
    expect(await send([`GET /things?${query} HTTP/1.1`])).toMatchObject({ status: 400 });
  });
});

describe('a raw body', () => {
  const raw = (body: string | Buffer) =>
    send(['POST /things/raw HTTP/1.1', 'content-type: application/json; charset=utf-8'], body);

  it('a raw body is handed on as the bytes that came, whatever they are', async () => {
    for (const bytes of [Buffer.from('{"a":1, "a":2}'), Buffer.from([0x7b, 0xff, 0xfe]), Buffer.from('\ufeff{}')]) {
      expect((await raw(bytes)).answer).toContain(`{"bytes":"${bytes.toString('hex')}"}`);
    }
  });

  it('a raw body has the size limit of any other', async () => {
    expect(await raw('x'.repeat(HTTP_LIMITS.bodyBytes + 1))).toMatchObject({ status: 413, type: 'payload-too-large' });
  });
});
