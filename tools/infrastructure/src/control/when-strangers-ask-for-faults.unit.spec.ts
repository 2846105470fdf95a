import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { controlAddressOf } from '@backstep/contracts/http';
import { CONTROL_LIMITS, ControlServer, socketPathIn } from './control-server.js';
import {
  ask,
  control,
  dir,
  faults,
  listed,
  make,
  openLab,
  pidOf,
  program,
  standsStill,
  supervisor,
  until,
} from './lab.fixture.spec.js';
import { silent } from '../report.js';

/**
 * Goal: without the secret nothing is done and nothing is told; whatever comes over the socket is bounded and answered with what is wrong; and what
 * was begun ends, whatever becomes of who asked for it. Method: the control socket of a real supervisor, and real clients.
 */
let examinations = 0;
openLab(async () => ({ examined: ++examinations }));

const pause = JSON.stringify({ kind: 'pause', target: { service: 'payment' }, forMs: 1_000 });
const place = () => {
  const told = controlAddressOf(control.told);
  if (!told || !('socketPath' in told.at)) throw new Error('there is no Unix socket');
  return { secret: told.secret, socketPath: told.at.socketPath };
};

/** Sends bytes as they are. */
async function raw(bytes: string): Promise<{ readonly status: number; readonly problem: Record<string, unknown> }> {
  const socket = connect(place().socketPath);
  await once(socket, 'connect');
  socket.write(bytes);
  const answer = await text(socket);
  const [, status = '0'] = /^HTTP\/1.1 (\d+)/.exec(answer) ?? [];
  return {
    status: Number(status),
    problem: JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as Record<string, unknown>,
  };
}

describe('a stranger', () => {
  it.each([
    ['none', ''],
    ['another', 'f'.repeat(64)],
    ['half of it', 'half'],
  ])('with %s of the secrets nothing is done, and nothing told', async (_, given) => {
    await supervisor.start(program('payment'));
    const secret = given === 'half' ? place().secret.slice(0, 32) : given;
    const asked = [
      ask('GET', '/faults', { secret }),
      ask('POST', '/faults', { secret, body: pause }),
      ask('DELETE', '/faults', { secret }),
      ask('GET', '/doctor', { secret }),
      ask('GET', '/nothing', { secret }),
    ];
    for (const { status, body } of await Promise.all(asked))
      expect([status, body['type'], Object.keys(body)]).toEqual([
        401,
        'urn:backstep:problem:unauthorized',
        ['type', 'title', 'status'],
      ]);
    expect(await listed()).toEqual([]);
    expect(standsStill(pidOf('payment'))).toBe(false);
  });

  it('only its owner may open the socket', () => {
    expect(statSync(place().socketPath).mode & 0o077).toBe(0);
  });
});

describe('a request that is not right', () => {
  it.each([
    ['a body that is too large', 'x'.repeat(CONTROL_LIMITS.bodyMaxBytes + 1), 413, 'payload-too-large'],
    ['a body that is no JSON', '{"kind":', 400, 'malformed-json'],
    ['a body that is no object', '"kill"', 400, 'validation'],
  ])('%s is answered with what is wrong', async (_, body, status, type) => {
    const answer = await ask('POST', '/faults', { body });
    expect([answer.status, answer.type, answer.body['type']]).toEqual([
      status,
      'application/problem+json',
      `urn:backstep:problem:${type}`,
    ]);
  });

  it('a path that is none is answered, and named', async () => {
    const { status, body } = await ask('PUT', '/faults');
    expect([status, body['detail']]).toEqual([404, 'There is no PUT /faults here.']);
  });

  it('what is no HTTP is answered, and so are headers that are too large', async () => {
    const nonsense = await raw('kill payment\r\n\r\n');
    expect([nonsense.status, nonsense.problem['type']]).toEqual([400, 'urn:backstep:problem:malformed-request']);
    const filler = 'x'.repeat(2 * CONTROL_LIMITS.headersMaxBytes);
    const large = await raw(`GET /faults HTTP/1.1\r\nHost: here\r\nFiller: ${filler}\r\n\r\n`);
    expect([large.status, large.problem['type']]).toEqual([431, 'urn:backstep:problem:headers-too-large']);
  });

  it('a folder with a long path has a port of this machine instead of a socket', async () => {
    const deep = `${dir}/${'deep/'.repeat(30)}`;
    expect(socketPathIn(deep)).toBeUndefined();
    const other = await ControlServer.open({ dir: deep, faults, examine: async () => 0, report: silent });
    expect(controlAddressOf(other.told)?.at).toEqual({ port: expect.any(Number) });
    other.close();
  });
});

describe('whoever has asked', () => {
  it('a fault heals when the process that asked for it is dead', async () => {
    await supervisor.start(program('payment'));
    const { secret, socketPath } = place();
    const gateway = spawn(process.execPath, [
      '-e',
      `require('http').request({ socketPath: ${JSON.stringify(socketPath)}, method: 'POST', path: '/faults',
         headers: { authorization: 'Bearer ${secret}' } }).end(${JSON.stringify(pause)}); setInterval(() => undefined, 1e6);`,
    ]);
    await until(() => standsStill(pidOf('payment')));
    gateway.kill('SIGKILL');
    await once(gateway, 'exit');
    await until(() => !standsStill(pidOf('payment')));
  });

  it('the gateway that asks for its own death is answered first', async () => {
    await supervisor.start(program('gateway'));
    const before = pidOf('gateway');
    expect((await make({ kind: 'kill', target: { service: 'gateway' } })).status).toBe(201);
    expect(pidOf('gateway')).toBe(before);
    await until(async () => (await listed())[0]?.state === 'over');
    expect(pidOf('gateway')).not.toBe(before);
  });

  it('the doctor’s report is passed on as it is', async () => {
    const { status, body } = await ask('GET', '/doctor');
    expect([status, body]).toEqual([200, { examined: examinations }]);
  });
});
