import { afterEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventStream } from './event-stream.js';

/**
 * Goal: a stream is what the standard says, costs a bounded memory however slowly it is read, and ends when nobody reads it.
 * Method: real HTTP on a free port.
 */
const SHORT_HEARTBEAT_MS = 20;
/** Far more than the kernel takes for a connection that nobody reads. */
const EVENTS = 1_000;
const servers: Server[] = [];
const clients: IncomingMessage[] = [];
afterEach(() => {
  // One that does not read hears nothing of a server that closes.
  for (const client of clients.splice(0)) client.destroy();
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function open(heartbeatMs?: number) {
  const server = createServer();
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const opened = new Promise<{ stream: EventStream; response: ServerResponse }>((resolve) =>
    server.once('request', (_, response: ServerResponse) =>
      resolve({ stream: new EventStream(response, { 'x-request-id': 'r-1' }, heartbeatMs), response }),
    ),
  );
  const request = get(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [client] = (await once(request, 'response')) as [IncomingMessage];
  clients.push(client);
  return { ...(await opened), client };
}

async function textOf(client: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of client) text += String(chunk);
  return text;
}

describe('a stream of events', () => {
  it('a stream is sent as the standard says, and closes its connection at its end', async () => {
    const { stream, client } = await open();
    await stream.send('order.events@1', { text: 'two\nlines' });
    await stream.comment('live');
    await stream.sendNamed('reset', { reason: 'log-lost' });
    stream.end();
    expect(client.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-request-id': 'r-1',
      connection: 'close',
    });
    expect(await textOf(client)).toBe(
      'retry: 2000\n\nid: order.events@1\ndata: {"text":"two\\nlines"}\n\n: live\n\n' +
        'event: reset\nid:\ndata: {"reason":"log-lost"}\n\n',
    );
  });

  it('a stream keeps a silent connection alive with heartbeats', async () => {
    const { client } = await open(SHORT_HEARTBEAT_MS);
    client.setEncoding('utf8');
    let text = '';
    for await (const chunk of client) {
      text += String(chunk);
      if (text.includes(':\n\n:\n\n')) break;
    }
    expect(text.startsWith('retry: 2000\n\n:\n\n')).toBe(true);
  });

  it('a stream waits for a reader that is slower than its writer', async () => {
    const { stream, client } = await open();
    const large = 'x'.repeat(8 * 1024 * 1024);
    let sent = false;
    const sending = stream.send('order.events@1', large).then(() => (sent = true));
    await once(client, 'readable');
    expect(sent).toBe(false);
    client.resume();
    await sending;
    expect(stream.closed.aborted).toBe(false);
  });

  it('a stream ends when the client goes, and its writer is told', async () => {
    const { stream, client } = await open();
    const sending = stream.send('order.events@1', 'x'.repeat(8 * 1024 * 1024));
    client.destroy();
    await sending;
    expect(stream.closed.aborted).toBe(true);
    await stream.send('order.events@2', 'nobody reads this');
  });

  it('a stream to a client that has gone already ends before it begins', async () => {
    const server = createServer();
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const request = get(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).on('error', () => undefined);
    const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
    request.destroy();
    await once(response, 'close');
    const stream = new EventStream(response, {});
    expect(stream.closed.aborted).toBe(true);
    await stream.send('order.events@1', 'nobody reads this');
    stream.end();
  });

  it('a stream is given up when its reader takes nothing from one heartbeat to the next', async () => {
    const { stream, client } = await open(SHORT_HEARTBEAT_MS);
    client.pause();
    const gone = once(client, 'error');
    await stream.send('order.events@1', 'x'.repeat(32 * 1024 * 1024));
    expect(stream.closed.aborted).toBe(true);
    client.resume();
    expect(String(await gone)).toContain('aborted');
  });

  it('a stream with heartbeats only is given up when its reader has not taken the earlier events', async () => {
    const { stream, client } = await open(SHORT_HEARTBEAT_MS);
    client.pause().on('error', () => undefined);
    void stream.send('order.events@1', 'x'.repeat(32 * 1024 * 1024));
    await once(stream.closed, 'abort');
  });

  it('a stream holds one event in memory for a reader that takes nothing', async () => {
    const { stream, response, client } = await open();
    client.pause();
    const event = 'x'.repeat(256 * 1024);
    let sent = 0;
    const writer = (async () => {
      for (; sent < EVENTS && !stream.closed.aborted; sent++) await stream.send(`order.events@${sent}`, event);
    })();
    // What the kernel takes is not ours; then the stream's buffer is over its mark, and the writer waits.
    await waitUntil('the writer waits', () => response.writableNeedDrain);
    expect(response.writableLength).toBeLessThan(2 * event.length);
    expect(sent).toBeLessThan(EVENTS);
    stream.end();
    await writer;
  });
});
