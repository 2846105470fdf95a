import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort } from '@backstep/infrastructure';
import { Random } from '@backstep/simulation';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createSocketServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { within } from '../waiting.js';
import { Link, type Mood } from './links.js';

/** Goal: a link lets everything pass, or does to it exactly what it was told to. Method: HTTP through it, to a server that counts. */
let asked = 0;
let server: Server;
let link: Link;

beforeEach(async () => {
  asked = 0;
  const port = await freePort();
  server = createServer((_, response) => {
    asked += 1;
    response.end('x'.repeat(1_000));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  link = await Link.open('payment→payment-provider', port);
});

afterEach(async () => {
  await link.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A connection of its own each time. */
async function ask(withinMs = 5_000): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${link.port}`, {
    headers: { connection: 'close' },
    signal: AbortSignal.timeout(withinMs),
  });
  const { length } = await response.text();
  return `${response.status} ${length}`;
}

const always = (kind: 'cut before the request' | 'cut before the answer' | 'cut in half a message'): Mood => ({
  kind,
  chance: 1,
});

describe('a link', () => {
  it('a link passes everything on', async () => {
    expect(await ask()).toBe('200 1000');
  });

  it.each([
    ['refuses', { kind: 'refuse' } as Mood, 0],
    ['cuts before the request: it never arrives', always('cut before the request'), 0],
    ['cuts before the answer: it was done, and nobody knows', always('cut before the answer'), 1],
    ['cuts in half a message', always('cut in half a message'), 0],
  ])('a request fails on a link that %s', async (_, mood, arrived) => {
    link.behave(mood, new Random(1));
    await expect(ask()).rejects.toThrow();
    expect(asked).toBe(arrived);
    link.behave({ kind: 'fair' });
    expect(await ask()).toBe('200 1000');
  });

  it('a slow link delays bytes', async () => {
    link.behave({ kind: 'slow', minMs: 40, maxMs: 40 }, new Random(1));
    const since = performance.now();
    expect(await ask()).toBe('200 1000');
    expect(performance.now() - since).toBeGreaterThan(75);
  });

  it('a failing link answers 503 itself', async () => {
    link.behave({ kind: 'answer 503' });
    expect(await ask()).toBe('503 2');
    expect(asked).toBe(0);
  });

  it('a silent link delivers what was on its way when it heals', async () => {
    link.behave({ kind: 'silent' });
    await expect(ask(100)).rejects.toThrow();
    const late = ask();
    link.behave({ kind: 'fair' });
    expect(await late).toBe('200 1000');
  });
});

describe('a link to sockets that each connection names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-link-'));
  const path = join(folder, 'oven-12345678.sock');
  const heard: string[] = [];
  const sockets: Socket[] = [];
  const oven = createSocketServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      heard.push(data.toString());
      socket.write(`heard ${data.toString()}`);
    });
  });
  let named: Link;
  beforeEach(async () => {
    heard.length = 0;
    await new Promise<void>((resolve) => oven.listen(path, resolve));
    named = await Link.open('orchestrator→payment', 'named');
  });
  afterEach(async () => {
    await named.close();
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((resolve) => oven.close(resolve));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const until = async (condition: () => boolean): Promise<void> =>
    expect(await within(10_000, () => Promise.resolve(condition()))).toBe(true);

  function speaker() {
    const answers: string[] = [];
    const socket = connect(named.port, '127.0.0.1');
    let isClosed = false;
    socket.on('data', (data: Buffer) => answers.push(data.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => (isClosed = true));
    return { socket, answers, isClosed: () => isClosed };
  }

  it('a link passes on what follows the name, and the answers', async () => {
    const { socket, answers } = speaker();
    socket.write(`${path}\nhello`);
    await until(() => answers.join('') === 'heard hello');
    socket.write(' again');
    await until(() => answers.join('') === 'heard helloheard  again');
    expect(named.disturbed).toBe(0);
  });

  it('a link that is half open loses what is asked, passes on answers, and ends such connections when it heals', async () => {
    const { socket, answers, isClosed } = speaker();
    socket.write(`${path}\nhello`);
    await until(() => answers.join('') === 'heard hello');
    named.behave({ kind: 'half open' });
    socket.write('lost');
    await until(() => named.disturbed === 1);
    sockets[0]?.write('!');
    await until(() => answers.join('') === 'heard hello!');
    expect(isClosed()).toBe(false);
    named.behave({ kind: 'fair' });
    await until(isClosed);
    expect(heard).toEqual(['hello']);
  });

  it('a connection that names no socket ends', async () => {
    const { socket, isClosed } = speaker();
    socket.write(`${join(folder, 'nobody.sock')}\nhello`);
    await until(isClosed);
    expect(heard).toEqual([]);
  });
});
