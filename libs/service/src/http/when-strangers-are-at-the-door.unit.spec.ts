import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Header, HttpCode, Module, Post, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { createApp, type PlatformApp } from '../lifecycle/create-app.js';
import { createLogger } from '../logging/logger.js';
import { serveMetrics } from '../metrics/serve-metrics.js';
import { type Doors, OPEN_DOORS } from './doors.js';

/**
 * Goal: access is decided before anything else of a request is read, and browsers are told to do nothing with an answer.
 * Method: a real application with doors of each kind, and raw sockets, as fetch sets some headers itself.
 */
@Controller('things')
class ThingsController {
  @Get()
  list(@Res({ passthrough: true }) reply: FastifyReply) {
    void reply.header('etag', '"v1"');
    return { things: [] };
  }

  @Get('page')
  @Header('content-security-policy', "default-src 'self'")
  @Header('cache-control', 'max-age=60')
  page() {
    return 'page';
  }

  @Post()
  @HttpCode(200)
  make() {
    return { made: true };
  }

  @Post('operate')
  @HttpCode(200)
  @RouteConfig({ operator: true })
  operate() {
    return { operated: true };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let platform: PlatformApp | undefined;
afterEach(() => platform?.app.close());

const lines: string[] = [];

async function serve(doors: Partial<Doors> = {}): Promise<number> {
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ service: 'things', level: 'debug', destination });
  const open = { ...OPEN_DOORS, name: 'things', access: 'public' as const };
  platform = await createApp({
    name: 'things',
    module: ThingsModule,
    config: {},
    logger,
    doors: { ...open, ...doors },
  });
  await platform.app.listen(0, '127.0.0.1');
  return Number(new URL(await platform.app.getUrl()).port);
}

async function ask(port: number, line: string, headers: Readonly<Record<string, string>> = {}) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const all = { host: `127.0.0.1:${port}`, connection: 'close', ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.write([`${line} HTTP/1.1`, ...head, '', ''].join('\r\n'));
  const answer = await text(socket);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]), answer };
}

describe('an answer', () => {
  it.each([
    ['a good answer', 'POST /things'],
    ['a 404', 'GET /none'],
    ['a 400 of the router', 'GET /things/%E0%A4%A'],
    ['a 400 of the parser', 'GET things'],
  ])('%s tells browsers not to sniff, frame or store it', async (_what, line) => {
    const { answer } = await ask(await serve(), line);
    expect(answer).toContain('x-content-type-options: nosniff');
    expect(answer).toContain('cache-control: no-store');
    expect(answer).toContain("frame-ancestors 'none'");
    expect(answer).toMatch(/x-request-id: [\w-]+/);
  });

  it('an answer with an ETag may be stored, and must be revalidated', async () => {
    expect((await ask(await serve(), 'GET /things')).answer).toContain('cache-control: private, no-cache');
  });

  it('an answer keeps the cache and security headers that its handler sets', async () => {
    const { answer } = await ask(await serve(), 'GET /things/page');
    expect(answer).toContain('cache-control: max-age=60');
    expect(answer).toContain("content-security-policy: default-src 'self'");
    expect(answer).not.toContain('no-store');
  });
});

describe('a Host', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1:9',
    '127.8.8.8',
    'localhost:3000',
    'LOCALHOST',
    'a.localhost',
    '[::1]:80',
    'things',
    'localhost.',
  ])('a Host of this machine is answered (%s)', async (host) => {
    expect((await ask(await serve(), 'GET /things', { host })).status).toBe(200);
  });

  it.each([
    'evil.example',
    'evil.example:3000',
    '10.0.0.1',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'a@localhost',
    '',
  ])('a Host that a page of another site could have gets 421 (%s)', async (host) => {
    const { status, answer } = await ask(await serve(), 'GET /things', { host });
    expect(status).toBe(421);
    expect(answer).toContain('urn:backstep:problem:misdirected');
  });

  it('a whole URL in the request line does not get past the check of the Host', async () => {
    const port = await serve();
    expect((await ask(port, 'GET http://evil.example/things')).status).toBe(421);
    expect((await ask(port, `GET http://127.0.0.1:${port}/things`)).status).toBe(200);
  });

  it('a Host may be an allowed name or, when the service listens beyond this machine, any address', async () => {
    const port = await serve({ host: '0.0.0.0', allowedHosts: ['shop.example'] });
    for (const host of ['shop.example', 'SHOP.example:443', '10.0.0.1:3000', '[fd00::1]'])
      expect((await ask(port, 'GET /things', { host })).status).toBe(200);
    expect((await ask(port, 'GET /things', { host: 'evil.example' })).status).toBe(421);
  });
});

describe('a page of another site', () => {
  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ])('a page of another site changes nothing and gets 403 (%j)', async (headers) => {
    const port = await serve();
    expect((await ask(port, 'POST /things', headers)).status).toBe(403);
    expect((await ask(port, 'GET /things', headers)).status).toBe(200);
  });

  it('a preflight from a page of another site gets no permission', async () => {
    const { status, answer } = await ask(await serve(), 'OPTIONS /things', {
      origin: 'https://evil.example',
      'access-control-request-method': 'PUT',
    });
    expect(status).toBe(405);
    expect(answer).not.toContain('access-control-allow');
  });

  it('a change from a page of the same origin, or from no page, is answered', async () => {
    const port = await serve();
    for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { origin: `http://127.0.0.1:${port}` }, {}])
      expect((await ask(port, 'POST /things', headers)).status).toBe(200);
  });
});

const TOKEN = 'operator-of-this-spec';
const OTHER = 'service-of-this-spec';

describe("an operators' function", () => {
  it("an operators' function needs no token where none is set", async () => {
    expect((await ask(await serve(), 'POST /things/operate')).status).toBe(200);
  });

  it("an operators' function asks for the token before anything else of the request is read", async () => {
    const port = await serve({ operatorToken: TOKEN, serviceToken: OTHER });
    const operate = (authorization?: string) =>
      ask(port, 'POST /things/operate', authorization === undefined ? {} : { authorization });
    const missing = await operate();
    expect(missing.status).toBe(401);
    expect(missing.answer).toContain('www-authenticate: Bearer realm="backstep"\r\n');
    for (const wrong of ['Bearer wrong', `Bearer ${OTHER}`, `Basic ${TOKEN}`, TOKEN, `Bearer ${TOKEN}x`, 'Bearer ']) {
      const refused = await operate(wrong);
      expect(refused.status).toBe(401);
      expect(refused.answer).toContain('www-authenticate: Bearer realm="backstep", error="invalid_token"\r\n');
    }
    expect((await operate(`Bearer ${TOKEN}`)).status).toBe(200);
    expect((await operate(`bearer ${TOKEN}`)).status).toBe(200);
    expect((await ask(port, 'POST /things')).status).toBe(200);
    expect(lines.join('')).not.toContain(TOKEN);
  });
});

describe('an internal service', () => {
  it('an internal service asks for its token on every path but those of probes', async () => {
    const port = await serve({ access: 'internal', serviceToken: OTHER });
    for (const path of ['/things', '/metrics', '/none', '/health/../things'])
      expect((await ask(port, `GET ${path}`)).status).toBe(401);
    expect((await ask(port, 'GET /health/ready')).status).toBe(200);
    const authorization = `Bearer ${OTHER}`;
    expect((await ask(port, 'GET /things', { authorization })).status).toBe(200);
    expect((await ask(port, 'GET /metrics', { authorization })).answer).toContain('backstep_http_request_duration');
  });

  it('a public service has no metrics on its public port', async () => {
    expect((await ask(await serve(), 'GET /metrics')).status).toBe(404);
  });
});

describe('the metrics of a public service', () => {
  const scrape = async (doors: Partial<Doors>, headers: Readonly<Record<string, string>>) => {
    await platform?.app.close();
    await serve();
    if (!platform) throw new Error('it serves');
    const port = await serveMetrics(platform.parts, { METRICS_PORT: 0 }, { ...OPEN_DOORS, name: 'things', ...doors });
    return ask(port, 'GET /metrics', { host: `127.0.0.1:${port}`, ...headers });
  };

  it('the metrics of a public service are served under its own name', async () => {
    expect((await scrape({}, {})).answer).toContain('backstep_');
    expect((await scrape({}, { host: 'things:9464' })).status).toBe(200);
  });

  it.each(['evil.example', '10.0.0.1', ''])(
    'the metrics of a public service are refused under another name (%s)',
    async (host) => {
      const { status, answer } = await scrape({}, { host });
      expect(status).toBe(421);
      expect(answer).not.toContain('backstep_');
    },
  );

  it('the metrics of a public service need the token of the services, where one is set', async () => {
    const doors = { host: '0.0.0.0', serviceToken: OTHER };
    const refused = await scrape(doors, {});
    expect(refused.status).toBe(401);
    expect(refused.answer).toContain('www-authenticate: Bearer');
    expect((await scrape(doors, { authorization: `Bearer ${TOKEN}` })).status).toBe(401);
    expect((await scrape(doors, { authorization: `Bearer ${OTHER}` })).status).toBe(200);
    expect(lines.join('')).not.toContain(OTHER);
  });
});
