import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createApp, type PlatformApp } from '../lifecycle/create-app.js';
import { createLogger } from '../logging/logger.js';
import { HTTP_LIMITS, type HttpLimits } from './limits.js';
import { connectionsOf, openSocket } from './raw-sockets.fixture.spec.js';

/**
 * Goal: a client that sends requests and does not read takes bounded memory, and others are answered as before.
 * Method: a real application, raw sockets that send a thousand requests at a time, and the memory of this process, which is client and server.
 */
const REQUESTS = 1_000;
const LARGE = Buffer.alloc(1024 * 1024, 'x');
/** The kernel holds some MB for a client that does not read. */
const IN_THE_KERNEL_MAX = 16;
let asked = 0;
let large = 0;

@Controller()
class Things {
  @Get('small')
  async small() {
    asked += 1;
    await delay(1);
    return { asked };
  }

  @Get('large')
  large() {
    large += 1;
    // A copy for each answer, as pages of a list have their own bytes.
    return Buffer.from(LARGE);
  }

  @Get('never')
  never() {
    asked += 1;
    return new Promise(() => undefined);
  }
}

@Module({ controllers: [Things] })
class ThingsModule {}

let platform: PlatformApp;
let port: number;
const sockets: Socket[] = [];

async function start(limits: Partial<HttpLimits> = {}): Promise<void> {
  const logger = createLogger({ service: 'things', level: 'error' });
  platform = await createApp({
    name: 'things',
    module: ThingsModule,
    config: {},
    logger,
    limits: { ...HTTP_LIMITS, checkMs: 20, drainMs: 20, ...limits },
  });
  await platform.app.listen(0, '127.0.0.1');
  port = Number(new URL(await platform.app.getUrl()).port);
}

beforeEach(() => {
  asked = 0;
  large = 0;
});
afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.destroy());
  await platform.app.close();
});

const open = (): Promise<Socket> => openSocket(port, sockets);

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`;

/** The value once it has stopped changing for a while. */
async function settled(read: () => number): Promise<number> {
  for (let last = -1; ;) {
    const now = read();
    if (now === last) return now;
    last = now;
    await delay(300);
  }
}

async function statusesOf(socket: Socket, count: number): Promise<string[]> {
  let answers = '';
  for await (const chunk of socket) {
    answers += String(chunk);
    const statuses = answers.match(/HTTP\/1\.1 \d{3}/g) ?? [];
    if (statuses.length >= count) return statuses;
  }
  return answers.match(/HTTP\/1\.1 \d{3}/g) ?? [];
}

describe('a connection with a thousand requests', () => {
  it('a thousand requests on one connection are handled some at a time, not all at once', async () => {
    await start();
    const socket = await open();
    socket.write(get('/never').repeat(REQUESTS));
    // The requests of one slice for the parser may come beyond the bound.
    expect(await settled(() => asked)).toBeLessThanOrEqual(HTTP_LIMITS.answersWaitingMax + 40);
    expect(asked).toBeGreaterThanOrEqual(HTTP_LIMITS.answersWaitingMax);
  });

  it.each(['/small', '/none', '/small?limit=%zz', '/health/live'])(
    'a thousand requests on one connection are all answered in the end (%s)',
    async (path) => {
      await start();
      const socket = await open();
      socket.write(get(path).repeat(REQUESTS));
      const statuses = await statusesOf(socket, REQUESTS);
      expect(statuses).toHaveLength(REQUESTS);
      expect(new Set(statuses).size).toBe(1);
    },
  );

  it('a hundred requests with bodies are each answered, wherever the network cuts them', async () => {
    await start();
    const socket = await open();
    const body = JSON.stringify({ text: 'x'.repeat(3_000) });
    const post = `POST /none HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const bytes = Buffer.from(post.repeat(100));
    const answered = statusesOf(socket, 100);
    for (let at = 0; at < bytes.length; at += 1_777) socket.write(bytes.subarray(at, at + 1_777));
    expect(await answered).toEqual(Array.from({ length: 100 }, () => 'HTTP/1.1 404'));
  });

  it('a connection that reads nothing holds the memory of few large answers, and is closed in the end', async () => {
    await start({ takeMs: 1_000, takenBytesPerSecond: 1e9 });
    const socket = (await open()).pause();
    const before = process.memoryUsage().rss;
    socket.write(get('/large').repeat(REQUESTS));
    expect(await settled(() => large)).toBeLessThanOrEqual(IN_THE_KERNEL_MAX + HTTP_LIMITS.answersWaitingMax + 40);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
    while ((await connectionsOf(platform)) > 0) await delay(10);
  });
});

describe('many connections that do not read', () => {
  it('many connections that do not read hold no more memory than the bound, and others are answered', async () => {
    const untakenBytesMax = 32 * 1024 * 1024;
    await start({ untakenBytesMax });
    const before = process.memoryUsage().rss;
    for (let index = 0; index < 40; index += 1) (await open()).pause().write(get('/large').repeat(100));
    await settled(() => large);
    const answer = await fetch(`http://127.0.0.1:${port}/health/live`);
    expect(answer.status).toBe(200);
    // Memory of the kernel does not count. Without the bound it would be ten times as much. The rest is Node's own garbage, which a busy machine collects late.
    expect(process.memoryUsage().rss - before).toBeLessThan(2 * untakenBytesMax + 250 * 1024 * 1024);
    expect(sockets.filter((socket) => socket.readyState === 'open').length).toBeGreaterThan(0);
  });

  it('a connection beyond the bound is closed, and the idle ones with it, so that the next is answered', async () => {
    await start({ connectionsMax: 10 });
    const ask = async () => {
      const socket = await open();
      socket.write(get('/health/live'));
      return statusesOf(socket, 1);
    };
    for (let index = 0; index < 10; index += 1) {
      const socket = await open();
      socket.write(get('/health/live'));
      await once(socket, 'data');
    }
    // The eleventh connection is closed, and the idle ones with it.
    await ask();
    expect(await ask()).toEqual(['HTTP/1.1 200']);
  });
});
