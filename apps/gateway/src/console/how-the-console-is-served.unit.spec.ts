import { describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { ask, base, builtConsole, document, ID, startGatewayAlone } from '../gateway-alone.fixture.spec.js';
import { PAGE, SCRIPT } from './built-console.fixture.spec.js';

/**
 * Goal: the console's pages come with headers that let them do nothing but what they need, its files are sent from memory, compressed and for
 * ever, and no other address is theirs. Method: the whole gateway with a small built console, every service unreachable.
 */
startGatewayAlone();

const HTML = { accept: 'text/html,application/xhtml+xml' };
const raw = async (path: string, headers: Record<string, string> = {}) => {
  const [answer] = (await once(request(base + path, { headers }).end(), 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
};

describe('a page of the console', () => {
  it.each([
    ...['/', '/orders', `/orders/${ID}`, '/orders?status=REJECTED', '/parked', '/contention?window=15s'],
    ...['/messages?key=a', '/messages/order.events/0/0', '/topics', '/groups/backstep.order'],
    ...['/sagas', `/sagas/${ID}`, '/operations'],
    ...['/playground', '/products', '/products/teapot'],
  ])('the page %s is the console, with a policy that allows its own files alone', async (path) => {
    const { status, headers, body } = await ask('GET', path, { headers: HTML });
    expect([status, String(body)]).toEqual([200, PAGE]);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
      'cache-control': 'no-cache',
      vary: 'accept, accept-encoding',
    });
  });
  it('a page is 304 for a browser that has it', async () => {
    const { headers } = await ask('GET', '/orders');
    const known = await ask('GET', '/orders', { headers: { 'if-none-match': String(headers.get('etag')) } });
    expect(known.status).toBe(304);
  });

  it('the address / answers programs with links, whatever else they take', async () => {
    for (const accept of ['*/*', 'application/json', ''])
      expect((await ask('GET', '/', { headers: { accept } })).body).toMatchObject({ links: { docs: '/docs' } });
  });

  it.each(['/bread', '/orders/a/b', '/assets', '/assets/', '/index.html', '/assets/..%2findex.html'])(
    'the path %s is unknown, and a problem',
    async (path) => {
      const answer = await fetch(base + path, { headers: HTML });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        404,
        expect.stringContaining('application/problem+json'),
      ]);
    },
  );
});

describe('a file of the console', () => {
  it.each([
    ['br, gzip', 'br'],
    ['gzip, deflate', 'gzip'],
    ['gzip;q=1, br;q=0', 'gzip'],
    ['*', 'br'],
    ['', undefined],
    ['identity', undefined],
  ])('a file for Accept-Encoding %p has Content-Encoding %p, and the same content', async (accepted, coding) => {
    const { status, headers, body } = await raw(`/assets/${builtConsole.script}`, { 'accept-encoding': accepted });
    expect([status, headers['content-encoding'], headers.vary]).toEqual([200, coding, 'accept-encoding']);
    const plain = coding === 'br' ? brotliDecompressSync(body) : coding === 'gzip' ? gunzipSync(body) : body;
    expect(plain.toString()).toBe(SCRIPT);
  });

  it('a file is kept for ever, with its own media type', async () => {
    for (const [file, type] of [
      [builtConsole.script, 'text/javascript'],
      ['index-Dq12.css', 'text/css'],
      ['icon-B7.svg', 'image/svg+xml'],
    ] as const) {
      const { status, headers } = await ask('GET', `/assets/${file}`);
      expect([status, headers.get('cache-control'), headers.get('content-type')]).toEqual([
        200,
        'public, max-age=31536000, immutable',
        expect.stringContaining(type),
      ]);
    }
  });

  it('a script that is a worker may ask this gateway and nothing else', async () => {
    const { headers } = await ask('GET', `/assets/${builtConsole.script}`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; connect-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  it('a file that the build did not make, or that is not for browsers, is 404', async () => {
    for (const file of ['no-such.js', `${builtConsole.script}.br`, `${builtConsole.script}.map`])
      expect((await ask('GET', `/assets/${file}`)).status).toBe(404);
  });
});

it('the document names each page of the console', () => {
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([
      ...['/', '/orders', '/orders/{orderId}', '/assets/{file}'],
      ...['/messages', '/messages/{topic}/{partition}/{offset}', '/topics', '/groups/{groupId}'],
      ...['/playground', '/products', '/products/{sku}'],
    ]),
  );
});
