import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createApp, drain, type PlatformApp } from '../lifecycle/create-app.js';
import { createLogger } from '../logging/logger.js';
import { HTTP_LIMITS } from './limits.js';
import { connectionsOf, openSocket } from './raw-sockets.fixture.spec.js';

/**
 * Goal: a client that is slow in any part is answered 408 and closed, and holds up nothing but its own connection, not even the end of the process.
 * Method: a real application with short limits, and raw sockets that send or read a little at a time.
 */
/** More than the kernel takes in for a client that does not read. */
const LARGE_BYTES = 16 * 1024 * 1024;
const LIMITS = {
  ...HTTP_LIMITS,
  headersMs: 200,
  receiveMs: 1_000,
  takeMs: 300,
  takenBytesPerSecond: LARGE_BYTES,
  checkMs: 20,
  drainMs: 100,
  answerMs: 300,
};
const LARGE = 'x'.repeat(LARGE_BYTES);
let begun = 0;
let release: () => void;

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
    return new Promise((resolve) => (release = () => resolve({ held: true })));
  }
}

@Module({ controllers: [Things] })
class ThingsModule {}

let platform: PlatformApp;
let port: number;
const sockets: Socket[] = [];

beforeEach(async () => {
  begun = 0;
  const logger = createLogger({ service: 'things', level: 'error' });
  platform = await createApp({ name: 'things', module: ThingsModule, config: {}, logger, limits: LIMITS });
  await platform.app.listen(0, '127.0.0.1');
  port = Number(new URL(await platform.app.getUrl()).port);
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

/** Sends the characters one after another, until the connection is closed. */
async function drip(socket: Socket, text: string, everyMs = 20): Promise<void> {
  for (const character of text) {
    if (socket.destroyed || socket.readableEnded) return;
    socket.write(character);
    await delay(everyMs);
  }
}

const HEAD = 'POST /things HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';

describe('a request that comes slowly', () => {
  it.each([
    ['its request line', '', 'GET /things/and/more/of/it HTTP/1.1\r\n'],
    ['its headers', 'GET /things HTTP/1.1\r\n', 'host: 127.0.0.1\r\nx-more: and more and more\r\n'],
    ['its body', `${HEAD}content-length: 1000\r\n\r\n`, `{"a":"${'b'.repeat(100)}`],
    ['its chunks', `${HEAD}transfer-encoding: chunked\r\n\r\n`, '1\r\na\r\n'.repeat(20)],
    [
      'its trailers',
      `${HEAD}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n`,
      'x-a: and more and more and more\r\n',
    ],
    ['a body that never comes', `${HEAD}content-length: 1000\r\n\r\n`, ''],
    ['headers that never end', 'GET /things HTTP/1.1\r\nhost: 127.0.0.1\r\n', ''],
  ])('a client that is slow with %s gets 408, a problem, and a closed connection', async (_what, before, slow) => {
    const socket = await open();
    const answered = received(socket);
    socket.write(before);
    const since = performance.now();
    void drip(socket, slow);
    const answer = await answered;
    expect(performance.now() - since).toBeLessThan(LIMITS.receiveMs + 1_500);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('application/problem+json');
    expect(answer).toMatch(/connection: close/i);
    expect(answer).toMatch(/x-request-id: [\w-]+/);
    expect(answer).toContain('urn:backstep:problem:request-timeout');
    expect(begun).toBe(0);
  });

  it('a slow second request on a connection gets 408, too', async () => {
    const socket = await open();
    const answered = received(socket);
    socket.write(`${HEAD}content-length: 2\r\n\r\n{}`);
    await once(socket, 'data');
    socket.write(`${HEAD}content-length: 20\r\n\r\n{`);
    expect((await answered).match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 408']);
  });

  it('the time in which a body arrives does not count as time of its handler', async () => {
    const socket = await open();
    const answered = once(socket, 'data');
    socket.write(`${HEAD}content-length: 12\r\n\r\n`);
    // The body takes longer than `answerMs`, which must not begin with the headers.
    await drip(socket, '{"a":"bcde"}', 28);
    expect(String(await answered)).toMatch(/^HTTP\/1\.1 200 /);
    expect(LIMITS.answerMs).toBeLessThan(12 * 28);
  });

  it('a slow request that was answered 415 meanwhile is not answered again, and is closed', async () => {
    const socket = await open();
    const answered = received(socket);
    socket.write('POST /things HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\n');
    void drip(socket, 'b'.repeat(90));
    expect((await answered).match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 415']);
  });
});

describe('a connection', () => {
  it('a connection on which nothing is sent is closed without an answer', async () => {
    expect(await received(await open())).toBe('');
  });

  it('a connection whose client reads too slowly is closed', async () => {
    const socket = await open();
    socket.write('GET /large HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    await once(socket, 'readable');
    expect(await connectionsOf(platform)).toBe(1);
    while ((await connectionsOf(platform)) > 0) await delay(10);
    expect(socket.readableLength).toBeLessThan(LARGE.length);
  });

  it('a connection is not closed for slow headers while an earlier answer is due', async () => {
    const socket = await open();
    socket.write('GET /held HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\nGET /health/live HTTP/1.1\r\n');
    await delay(LIMITS.headersMs + 5 * LIMITS.checkMs);
    release();
    socket.write('host: 127.0.0.1\r\nconnection: close\r\n\r\n');
    expect((await received(socket)).match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
  });
});

describe('the end of the process', () => {
  it.each([
    ['sends headers slowly', 'GET /things HTTP/1.1\r\nx-a: '],
    ['sends a body slowly', `${HEAD}content-length: 1000\r\n\r\n{`],
    ['reads slowly', 'GET /large HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'],
    ['says nothing', ''],
  ])('a drain is not held up by a client that %s', async (_what, said) => {
    const long = { ...HTTP_LIMITS, checkMs: 20, drainMs: 100 };
    const logger = createLogger({ service: 'things', level: 'error' });
    const other = await createApp({ name: 'things', module: ThingsModule, config: {}, logger, limits: long });
    await other.app.listen(0, '127.0.0.1');
    port = Number(new URL(await other.app.getUrl()).port);
    const socket = await open();
    socket.write(said);
    while ((await connectionsOf(other)) < 1) await delay(10);
    const since = performance.now();
    await drain(other, 'draining');
    expect(performance.now() - since).toBeLessThan(2_000);
  });
});
