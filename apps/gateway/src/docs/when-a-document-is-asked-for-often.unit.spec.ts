import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApp, createLogger, loadConfig, platformConfig, type PlatformApp } from '@backstep/service';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { buffer, text } from 'node:stream/consumers';
import { GATEWAY_CONFIG } from '../config.js';
import { GatewayModule } from '../gateway.module.js';

/**
 * Goal: the largest answers that anybody may ask for cost next to nothing, however often they are asked for and whether or not they are read.
 * Method: the whole gateway, raw sockets that pipeline, and the memory of this process, which is client and server.
 */
const MEMORY_MAX_BYTES = 150 * 1024 * 1024;
let platform: PlatformApp;
let port: number;
const sockets: Socket[] = [];

beforeAll(async () => {
  const config = loadConfig({ ...platformConfig(0), ...GATEWAY_CONFIG }, {});
  const logger = createLogger({ service: 'gateway', level: 'error' });
  platform = await createApp({ name: 'gateway', module: GatewayModule, config, logger });
  await platform.app.listen(0, '127.0.0.1');
  port = Number(new URL(await platform.app.getUrl()).port);
});
afterAll(async () => {
  sockets.forEach((socket) => socket.destroy());
  await platform.app.close();
});

async function get(path: string, headers: Record<string, string> = {}) {
  const asked = request({ port, path, headers, host: '127.0.0.1' }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
}

describe.each(['/openapi.json', '/docs'])('%s', (path) => {
  it('the document is 304 for a client that has it', async () => {
    const { headers } = await get(path);
    const again = await get(path, { 'if-none-match': String(headers.etag) });
    expect(again).toMatchObject({ status: 304, headers: { etag: headers.etag }, body: Buffer.alloc(0) });
    expect(await get(path, { 'if-none-match': '"another"' })).toMatchObject({ status: 200 });
  });

  it.each([
    ['gzip', 'gzip'],
    ['br, GZIP;q=0.5', 'gzip'],
    ['*', 'gzip'],
    ['br', undefined],
    ['gzip;q=0', undefined],
    ['', undefined],
  ])('the document for Accept-Encoding %p has Content-Encoding %p', async (accepted, coding) => {
    const plain = await get(path);
    const answer = await get(path, { 'accept-encoding': accepted });
    expect(answer.headers['content-encoding']).toBe(coding);
    expect(answer.headers.vary).toContain('accept-encoding');
    expect(answer.headers.etag === plain.headers.etag).toBe(coding === undefined);
    expect(plain.body.equals(coding ? gunzipSync(answer.body) : answer.body)).toBe(true);
  });

  it('the document is answered a hundred times to a client that reads', async () => {
    const socket = connect(port, '127.0.0.1');
    const last = 'GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n';
    socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`.repeat(100) + last);
    expect((await text(socket)).match(/HTTP\/1\.1 200/g)).toHaveLength(101);
  });
});

describe('a document', () => {
  it('80,000 requests of clients that do not read take little memory, and other clients are answered', async () => {
    const before = process.memoryUsage().rss;
    for (let index = 0; index < 40; index += 1) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      sockets.push(socket);
      await once(socket, 'connect');
      socket.pause().write(`GET /openapi.json HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`.repeat(2_000));
    }
    // Answered after what those before it were answered.
    for (let index = 0; index < 20; index += 1) expect(await get('/health/live')).toMatchObject({ status: 200 });
    expect(process.memoryUsage().rss - before).toBeLessThan(MEMORY_MAX_BYTES);
  });
});
