import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from '@jest/globals';
import { controlText } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { ask, base, document, lines, routes, startGatewayAlone } from '../gateway-alone.fixture.spec.js';
import { operationsOf } from '../operations.js';

/**
 * Goal: a gateway that was told of a control socket passes on what is asked, with its secret, and what is answered, and documents it. Method: the
 * whole gateway, and a server on a Unix socket that notes what comes.
 */
const SECRET = '0123456789abcdef'.repeat(4);
const ID = '0199a3b0-7c1e-4000-8000-000000000001';
const AT = '2026-11-28T18:00:00.000Z';
const FAULT = {
  ...{ id: ID, kind: 'pause', what: 'SIGSTOP to payment', state: 'on' },
  ...{ target: { service: 'payment', pid: 4711 }, startedAt: AT, healsAt: AT, endedAt: null },
};
const NONE = {
  type: PROBLEMS.notFound.type,
  title: PROBLEMS.notFound.title,
  status: 404,
  detail: 'There is no such fault.',
};
const answers: Record<string, readonly [status: number, body: unknown]> = {
  'GET /faults': [200, { processes: [], items: [FAULT], points: [], faultsMax: 8, takenAt: AT }],
  'POST /faults': [201, FAULT],
  [`DELETE /faults/${ID}`]: [404, NONE],
  'DELETE /faults': [200, { healed: 2 }],
};
const asked: { readonly request: string; readonly authorization: string | undefined; readonly body: string }[] = [];
const dir = mkdtempSync(join(tmpdir(), 'backstep-gateway-'));
const socketPath = join(dir, 'control.sock');
const starter = createServer((request, reply) => {
  void text(request).then((body) => {
    const { method, url, headers } = request;
    asked.push({ request: `${method} ${url}`, authorization: headers.authorization, body });
    const [status, answer] = answers[`${method} ${url}`] ?? [500, {}];
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    reply.writeHead(status, { 'content-type': type }).end(JSON.stringify(answer));
  });
}).listen(socketPath);
await once(starter, 'listening');
afterAll(() => {
  starter.closeAllConnections();
  starter.close();
  rmSync(dir, { recursive: true });
});

/** Up to the end of the first event of faults. */
async function firstEventOf(answer: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (/event: faults\n.*\n\n/.test(text)) break;
  }
  return text;
}

startGatewayAlone({ BACKSTEP_CONTROL: controlText({ secret: SECRET, at: { socketPath } }) });

describe('where the gateway was told of a control socket', () => {
  it('the document has every served route and no other, and the system says what it can', async () => {
    const served = routes.filter(({ method }) => method !== 'HEAD').map(({ method, url }) => `${method} ${url}`);
    const documented = operationsOf({ console: true, lab: true }).map(
      ({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    );
    expect(served.sort()).toEqual(documented.sort());
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/lab', '/v1/dev/faults', '/v1/dev/faults/{faultId}', '/v1/dev/doctor']),
    );
    const { body } = await ask('GET', '/v1/system');
    expect(body['capabilities']).toMatchObject({ faults: true, doctor: true });
  });

  it('what is asked is passed on with the secret, and what is answered comes back', async () => {
    asked.length = 0;
    const fault = { kind: 'pause', target: { service: 'payment' } };
    const made = await ask('POST', '/v1/dev/faults', { json: fault });
    expect([made.status, made.body]).toEqual([201, FAULT]);
    expect((await ask('GET', '/v1/dev/faults')).body).toMatchObject({ items: [FAULT] });
    expect((await ask('DELETE', '/v1/dev/faults')).body).toEqual({ healed: 2 });
    expect(asked.map(({ request }) => request)).toEqual(['POST /faults', 'GET /faults', 'DELETE /faults']);
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${SECRET}`]));
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual(fault);
    expect(lines.join('')).not.toContain(SECRET);
  });

  it('who watches faults is told them by the stream, once for all who do', async () => {
    asked.length = 0;
    const abort = new AbortController();
    const watch = (): Promise<Response> => fetch(`${base}/v1/stream?watch=faults`, { signal: abort.signal });
    const texts = await Promise.all([watch(), watch()].map(async (answer) => firstEventOf(await answer)));
    for (const text of texts) expect(text).toContain(`event: faults\ndata: {"processes":[],"items":[{"id":"${ID}"`);
    expect(asked.every(({ request }) => request === 'GET /faults')).toBe(true);
    abort.abort();
  });

  it('a refusal comes back as it is', async () => {
    const { status, body } = await ask('DELETE', `/v1/dev/faults/${ID}`);
    expect([status, body]).toMatchObject([404, { type: NONE.type, detail: NONE.detail }]);
  });

  it.each([
    ['POST', '/v1/dev/faults', { kind: 'kill' }, 'target'],
    ['POST', '/v1/dev/faults', { kind: 'pause', target: { service: 'payment' }, forMs: 999 }, 'forMs'],
    ['POST', '/v1/dev/faults', { kind: 'kill', target: { service: '../x' } }, 'target.service'],
    ['DELETE', '/v1/dev/faults/42', undefined, 'faultId'],
  ])('a wrong request is refused by name, and nobody is asked: %s %s %j', async (method, path, json, field) => {
    asked.length = 0;
    const { status, body } = await ask(method, path, { json });
    expect([status, body['errors']]).toEqual([400, expect.arrayContaining([expect.objectContaining({ field })])]);
    expect(asked).toEqual([]);
  });

  it('a page of another site cannot make a fault, nor heal one', async () => {
    const headers = { origin: 'https://evil.example' };
    for (const [method, path] of [
      ['POST', '/v1/dev/faults'],
      ['DELETE', '/v1/dev/faults'],
      ['DELETE', `/v1/dev/faults/${ID}`],
    ] as const)
      expect((await ask(method, path, { headers })).status).toBe(403);
  });

  it('the page of the lab is the console', async () => {
    const answer = await fetch(`${base}/lab`, { headers: { accept: 'text/html' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('a starter that has gone is 503 with Retry-After', async () => {
    starter.closeAllConnections();
    starter.close();
    const { status, headers } = await ask('GET', '/v1/dev/doctor');
    expect([status, headers.get('retry-after')]).toEqual([503, '2']);
  });
});
