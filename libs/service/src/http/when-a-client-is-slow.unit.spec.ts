import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createApp, drain, type PlatformApp } from '../lifecycle/create-app.js';
import { createLogger } from '../logging/logger.js';
import { HTTP_LIMITS, type HttpLimits } from './limits.js';
import { connectionsOf, openSocket } from './raw-sockets.fixture.spec.js';

/**
 * Goal: a client that is slow in any part is answered 408 and closed, and holds up nothing but its own connection, not even the end of the process.
 * Method: a real application with short limits, and raw sockets that send or read a little at a time. What is sent slowly is whole in the end, some
 * time after the limit, so that a limit that is longer shows as another answer. No limit of a spec can expire before the one it is about.
 */
const CHECK_MS = 20;
/** More than the kernel takes in for a client that does not read. */
const LARGE_BYTES = 16 * 1024 * 1024;
const LARGE = 'x'.repeat(LARGE_BYTES);
const HOUR_MS = 3_600_000;
const handlers = new EventEmitter();
let begun = 0;

@Controller()
class Things {
  @Post('things')
  @HttpCode(200)
  make(@Body() body: unknown) {
    begun += 1;
    return { body };
  }

  @Get('large')
  large() {
    return LARGE;
  }

  @Get('held')
  held() {
    return new Promise((resolve) => handlers.emit('held', () => resolve({ held: true })));
  }
}

@Module({ controllers: [Things] })
class ThingsModule {}

let platform: PlatformApp;
let port: number;
const sockets: Socket[] = [];

async function start(limits: Partial<HttpLimits>): Promise<void> {
  const logger = createLogger({ service: 'things', level: 'error' });
  const short = { ...HTTP_LIMITS, checkMs: CHECK_MS, drainMs: 100, ...limits };
  platform = await createApp({ name: 'things', module: ThingsModule, config: {}, logger, limits: short });
  await platform.app.listen(0, '127.0.0.1');
  port = Number(new URL(await platform.app.getUrl()).port);
}

beforeEach(() => {
  begun = 0;
});
afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.destroy());
  await platform.app.close();
});

const open = (): Promise<Socket> => openSocket(port, sockets);

/** All bytes that arrive until the connection is closed. A client that still sends may see a reset after it has read the answer. */
async function received(socket: Socket): Promise<string> {
  let all = '';
  socket.on('data', (bytes) => (all += String(bytes)));
  // `once` would reject with the reset.
  if (!socket.closed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return all;
}

const DRIP_EVERY_MS = 20;

/** Sends the characters one after another and then the end, unless the connection is closed before. */
async function drip(socket: Socket, text: string, end: string): Promise<void> {
  for (const character of text) {
    if (socket.destroyed || socket.readableEnded) return;
    socket.write(character);
    await delay(DRIP_EVERY_MS);
  }
  if (!socket.destroyed && !socket.readableEnded) socket.write(end);
}

const HEAD = 'POST /things HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';

describe('a request that comes slowly', () => {
  const LIMITS = { headersMs: 500, receiveMs: 1_000 };
  const HEADERS = 'host: 127.0.0.1\r\nx-more: and more and more\r\n';
  const BODY = `{"a":"${'b'.repeat(100)}"}`;

  beforeEach(() => start(LIMITS));

  it.each([
    ['its request line', '', 'GET /things/and/more/of/it HTTP/1.1\r\n', `${HEADERS}\r\n`, LIMITS.headersMs],
    ['its headers', 'GET /things HTTP/1.1\r\n', HEADERS, '\r\n', LIMITS.headersMs],
    ['its body', `${HEAD}content-length: ${BODY.length}\r\n\r\n`, BODY, '', LIMITS.receiveMs],
    ['its chunks', `${HEAD}transfer-encoding: chunked\r\n\r\n`, '1\r\n1\r\n'.repeat(20), '0\r\n\r\n', LIMITS.receiveMs],
    [
      'its trailers',
      `${HEAD}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n`,
      'x-a: and more and more and more\r\n'.repeat(2),
      '\r\n',
      LIMITS.receiveMs,
    ],
    ['a body that never comes', `${HEAD}content-length: 1000\r\n\r\n`, '', '', 0],
    ['headers that never end', 'GET /things HTTP/1.1\r\nhost: 127.0.0.1\r\n', '', '', 0],
  ])(
    'a client that is slow with %s gets 408, a problem, and a closed connection',
    async (_, before, slow, end, withinMs) => {
      const socket = await open();
      const answered = received(socket);
      socket.write(before);
      const begins = once(socket, 'data');
      void drip(socket, slow, end);
      expect(String(await begins)).toMatch(/^HTTP\/1\.1 408 /);
      const answer = await answered;
      expect(answer).toContain('application/problem+json');
      expect(answer).toMatch(/connection: close/i);
      expect(answer).toMatch(/x-request-id: [\w-]+/);
      expect(answer).toContain('urn:backstep:problem:request-timeout');
      expect(begun).toBe(0);
      expect(slow.length * DRIP_EVERY_MS).toBeGreaterThanOrEqual(withinMs);
    },
  );

  it('a slow second request on a connection gets 408, too', async () => {
    const socket = await open();
    const answered = received(socket);
    socket.write(`${HEAD}content-length: 2\r\n\r\n{}`);
    await once(socket, 'data');
    socket.write(`${HEAD}content-length: 20\r\n\r\n{`);
    expect((await answered).match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 408']);
  });

  it('slow headers of a second request on a connection get 408, too', async () => {
    const socket = await open();
    socket.write(`${HEAD}content-length: 2\r\n\r\n{}`);
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 200 /);
    const answered = received(socket);
    const begins = once(socket, 'data');
    void drip(socket, 'GET /things/and/more/of/it HTTP/1.1\r\n', `${HEADERS}\r\n`);
    expect(String(await begins)).toMatch(/^HTTP\/1\.1 408 /);
    await answered;
  });

  it('a slow request that was answered 415 meanwhile is not answered again, and is closed', async () => {
    const socket = await open();
    const answered = received(socket);
    socket.write('POST /things HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\n');
    void drip(socket, 'b'.repeat(90), '');
    expect((await answered).match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 415']);
  });
});

describe('the time of a handler', () => {
  it('the time in which a body arrives does not count as time of its handler', async () => {
    const answerMs = 500;
    await start({ answerMs });
    const socket = await open();
    const answered = once(socket, 'data');
    socket.write(`${HEAD}content-length: 12\r\n\r\n{"a":`);
    await delay(answerMs + 5 * CHECK_MS);
    socket.write('"bcde"}');
    expect(String(await answered)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('a connection', () => {
  it('a connection on which nothing is sent is closed without an answer', async () => {
    await start({ headersMs: 200 });
    expect(await received(await open())).toBe('');
  });

  it('a connection whose client reads too slowly is closed', async () => {
    await start({ takeMs: 300, takenBytesPerSecond: LARGE_BYTES });
    const socket = await open();
    socket.write('GET /large HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    await once(socket, 'readable');
    expect(await connectionsOf(platform)).toBe(1);
    while ((await connectionsOf(platform)) > 0) await delay(10);
    expect(socket.readableLength).toBeLessThan(LARGE.length);
  });

  it('a connection is not closed for slow headers while an earlier answer is due: their time begins at its end', async () => {
    const headersMs = 1_000;
    await start({ headersMs });
    const socket = await open();
    const reached = once(handlers, 'held') as Promise<[release: () => void]>;
    socket.write('GET /held HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    const [release] = await reached;
    socket.write('GET /health/live HTTP/1.1\r\n');
    await delay(headersMs + 5 * CHECK_MS);
    const answers = received(socket);
    const first = once(socket, 'data');
    release();
    await first;
    await delay(5 * CHECK_MS);
    socket.write('host: 127.0.0.1\r\nconnection: close\r\n\r\n');
    expect((await answers).match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
  });
});

describe('the end of the process', () => {
  it.each([
    ['sends headers slowly', 'GET /things HTTP/1.1\r\nx-a: '],
    ['sends a body slowly', `${HEAD}content-length: 1000\r\n\r\n{`],
    ['reads slowly', 'GET /large HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'],
    ['says nothing', ''],
  ])('a drain is not held up by a client that %s', async (_what, said) => {
    // None but the limit of a drain can end it.
    await start({ headersMs: HOUR_MS, receiveMs: HOUR_MS, takeMs: HOUR_MS, answerMs: HOUR_MS, keepAliveMs: HOUR_MS });
    const socket = await open();
    socket.write(said);
    while ((await connectionsOf(platform)) < 1) await delay(10);
    await drain(platform, 'draining');
    expect(await connectionsOf(platform)).toBe(0);
  });
});
