import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type RunningProcess, startProcess } from './running-process.fixture.spec.js';

/**
 * Goal: a process ends as an operator expects. On SIGTERM it finishes its requests and exits 0 in time; at any other end it exits 1 and says why.
 * Method: a real process runs the compiled library, because signals, exit codes and the flush of the log cannot be seen from inside.
 */
const SERVICE = `
  import { declare, Lifecycle, Logger, runService, text } from '@backstep/service';
  import { Controller, Get, Inject, Module, Param } from '@nestjs/common';
  const hooks = ['onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown'];
  let release;
  class Doors {
    constructor(lifecycle, logger) { this.lifecycle = lifecycle; this.logger = logger; }
    async open(what) {
      this.logger.info('request ' + what);
      if (what === 'slow') await new Promise((resolve) => this.lifecycle.draining.addEventListener('abort', () => setTimeout(resolve, 100)));
      if (what === 'stuck') await new Promise(() => undefined);
      if (what === 'fail') this.lifecycle.fail('the consumer died');
      if (what === 'throw') setImmediate(() => { throw new Error('nobody catches this'); });
      if (what === 'reject') void Promise.reject(new Error('nobody awaits this'));
      this.logger.info('answered ' + what);
      return { what };
    }
  }
  for (const hook of hooks) Doors.prototype[hook] = function () { this.logger.info(hook); };
  Inject(Lifecycle)(Doors, undefined, 0);
  Inject(Logger)(Doors, undefined, 1);
  Param('what')(Doors.prototype, 'open', 0);
  Get(':what')(Doors.prototype, 'open', Object.getOwnPropertyDescriptor(Doors.prototype, 'open'));
  Controller('doors')(Doors);
  class Root {}
  Module({ controllers: [Doors] })(Root);
  await runService({ name: 'doors', defaultPort: 0, config: declare({ NEEDED: { schema: text(), description: 'What it needs' } }), module: Root });
`;

const start = (environment: Readonly<Record<string, string>> = {}): RunningProcess =>
  startProcess(SERVICE, { PORT: '0', NEEDED: 'yes', ...environment });

async function started(environment: Readonly<Record<string, string>> = {}) {
  const running = start(environment);
  const { url } = await running.logged('listening');
  return { ...running, url: String(url) };
}

describe('a service that gets SIGTERM', () => {
  it('a service finishes its requests on SIGTERM, runs its hooks, and exits 0; a second signal changes nothing', async () => {
    const { process: service, exited, logged, messages, url } = await started();
    const answer = fetch(`${url}/doors/slow`);
    await logged('request slow');
    service.kill('SIGTERM');
    service.kill('SIGINT');
    expect(await (await answer).json()).toEqual({ what: 'slow' });
    expect(await exited).toBe(0);
    const order = ['answered slow', 'onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown', 'drained'];
    expect(messages().filter((message) => order.includes(message))).toEqual(order);
  });

  it('a service with a drain delay is not ready while it still accepts requests', async () => {
    const { process: service, exited, logged, url } = await started({ DRAIN_DELAY_MS: '1500' });
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    service.kill('SIGTERM');
    await logged('draining');
    const ready = await fetch(`${url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ status: 'down', reason: 'draining on SIGTERM' });
    expect(await exited).toBe(0);
  });

  it('a service that is not drained in time exits 1', async () => {
    const { process: service, exited, logged, messages, url } = await started({ SHUTDOWN_GRACE_MS: '300' });
    const cut = fetch(`${url}/doors/stuck`).then(
      () => 'answered',
      () => 'cut',
    );
    await logged('request stuck');
    service.kill('SIGTERM');
    expect(await exited).toBe(1);
    expect(await cut).toBe('cut');
    expect(messages()).toContain('not drained in time');
  });
});

describe('a service that cannot go on', () => {
  it.each(['fail', 'throw', 'reject'])('a service that cannot go on drains and exits 1 (%s)', async (what) => {
    const { exited, messages, url } = await started();
    await fetch(`${url}/doors/${what}`);
    expect(await exited).toBe(1);
    expect(messages()).toContain('drained');
    expect(messages().includes('an error that nobody caught')).toBe(what !== 'fail');
  });
});

describe('a service that cannot start', () => {
  it('a service with a wrong configuration names each fault in a line, without a stack', async () => {
    const { exited, errors, messages } = start({ NEEDED: '', PORT: 'http' });
    expect(await exited).toBe(1);
    expect(errors()).toBe(
      'doors: PORT is wrong: expected an integer from 0 to 65535, got "http"\ndoors: NEEDED is missing: What it needs\n',
    );
    expect(messages()).toEqual([]);
  });

  it('a service refuses to listen beyond this machine without a token, and says so in a line', async () => {
    const { exited, errors, messages } = start({ HOST: '0.0.0.0' });
    expect(await exited).toBe(1);
    expect(errors()).toBe(
      'doors: HOST=0.0.0.0 would open this service to the network, and anybody could use it: ' +
        'set SERVICE_TOKEN or OPERATOR_TOKEN, or INSECURE=1 to have it so\n',
    );
    expect(messages()).toEqual([]);
  });

  it.each(['SERVICE_TOKEN', 'OPERATOR_TOKEN'])(
    'a service that listens beyond this machine asks for its token (%s)',
    async (name) => {
      const token = 'of-sixteen-characters';
      const { url, exited, process: service } = await started({ HOST: '0.0.0.0', [name]: token });
      const here = `http://127.0.0.1:${new URL(url).port}`;
      expect((await fetch(`${here}/doors/open`)).status).toBe(401);
      expect((await fetch(`${here}/doors/open`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
      service.kill('SIGTERM');
      expect(await exited).toBe(0);
    },
  );

  it('a service listens beyond this machine without a token when INSECURE is 1', async () => {
    const { url } = await started({ HOST: '0.0.0.0', INSECURE: '1' });
    expect((await fetch(`http://127.0.0.1:${new URL(url).port}/doors/open`)).status).toBe(200);
  });

  it('a service whose token is too short names it, without its value', async () => {
    const { exited, errors } = start({ SERVICE_TOKEN: 'hunter2' });
    expect(await exited).toBe(1);
    expect(errors()).toMatch(/^doors: SERVICE_TOKEN is wrong: expected 16 to 255 /);
    expect(errors()).not.toContain('hunter2');
  });

  it('a service whose port is taken names it, and the setting that moves it', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { exited, messages } = start({ PORT: String(port) });
    expect(await exited).toBe(1);
    squatter.close();
    expect(messages()).toContain(`port ${port} on 127.0.0.1 is taken; set PORT to another`);
  });
});
