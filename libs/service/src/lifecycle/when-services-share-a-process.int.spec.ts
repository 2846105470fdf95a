import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type RunningProcess, startProcess } from './running-process.fixture.spec.js';

/**
 * Goal: services of one process are apart in ports, settings, metrics and log lines, and have one end: whatever ends one of them drains all.
 * Method: a real process runs two services of the compiled library, `shop` with a public API and `store-room` behind it.
 */
const SERVICES = `
  import { declare, Lifecycle, Logger, Metrics, runServices, text } from '@backstep/service';
  import { Controller, Get, Inject, Module, Param } from '@nestjs/common';
  const SHARED = Symbol('shared');
  const hooks = ['beforeApplicationShutdown', 'onApplicationShutdown'];
  function moduleOf() {
    class Doors {
      constructor(lifecycle, logger, metrics, shared) {
        Object.assign(this, { lifecycle, logger, shared });
        this.opened = metrics.counter('doors_opened_total', 'Doors that were opened');
      }
      async open(what) {
        this.opened.inc();
        this.logger.info('request ' + what);
        if (what === 'slow') await new Promise((resolve) => this.lifecycle.draining.addEventListener('abort', () => setTimeout(resolve, 100)));
        if (what === 'fail') this.lifecycle.fail('the consumer died');
        if (what === 'throw') setImmediate(() => { throw new Error('nobody catches this'); });
        if (what === 'reject') void Promise.reject(new Error('nobody awaits this'));
        if (what === 'count') return { count: ++this.shared.count };
        this.logger.info('answered ' + what);
        return { what };
      }
    }
    for (const hook of hooks) Doors.prototype[hook] = function () { this.logger.info(hook); };
    [Lifecycle, Logger, Metrics, SHARED].forEach((token, at) => Inject(token)(Doors, undefined, at));
    Param('what')(Doors.prototype, 'open', 0);
    Get(':what')(Doors.prototype, 'open', Object.getOwnPropertyDescriptor(Doors.prototype, 'open'));
    Controller('doors')(Doors);
    class Root {}
    Module({ controllers: [Doors] })(Root);
    return Root;
  }
  const config = declare({ COLOUR: { schema: text(), description: 'Of the doors' } });
  await runServices(
    [
      { name: 'shop', defaultPort: 0, config, module: moduleOf(), access: 'public' },
      { name: 'store-room', defaultPort: 0, config, module: moduleOf() },
    ],
    { name: 'mall', shared: [{ provide: SHARED, useValue: { count: 0 } }] },
  );
`;
const NAMES = ['shop', 'store-room'] as const;

const start = (environment: Readonly<Record<string, string>> = {}): RunningProcess =>
  startProcess(SERVICES, { SHOP_PORT: '0', STORE_ROOM_PORT: '0', COLOUR: 'green', ...environment });

async function started(environment: Readonly<Record<string, string>> = {}) {
  const running = start(environment);
  const [shop, storeRoom] = await Promise.all(NAMES.map((name) => running.logged('listening', name)));
  const { port } = await running.logged('metrics', 'shop');
  return { ...running, shop: String(shop?.url), storeRoom: String(storeRoom?.url), shopMetrics: Number(port) };
}

const textOf = async (url: string): Promise<string> => (await fetch(url)).text();
const samples = (text: string, name: string): string[] =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`));

describe('services of one process', () => {
  it('services of one process have ports, metrics and names in the log of their own, and share what they are given', async () => {
    const { lines, logged, shop, storeRoom, shopMetrics } = await started();
    expect(JSON.parse(await textOf(`${shop}/doors/count`))).toEqual({ count: 1 });
    expect(JSON.parse(await textOf(`${storeRoom}/doors/count`))).toEqual({ count: 2 });
    expect(JSON.parse(await textOf(`${storeRoom}/doors/count`))).toEqual({ count: 3 });
    const ofShop = await textOf(`http://127.0.0.1:${shopMetrics}/metrics`);
    const ofStoreRoom = await textOf(`${storeRoom}/metrics`);
    expect(samples(ofShop, 'doors_opened_total')).toEqual(['doors_opened_total{service="shop"} 1']);
    expect(samples(ofStoreRoom, 'doors_opened_total')).toEqual(['doors_opened_total{service="store-room"} 2']);
    // Of the process, and counted once.
    expect(samples(ofShop, 'nodejs_heap_size_total_bytes')).toHaveLength(1);
    expect(samples(ofStoreRoom, 'nodejs_heap_size_total_bytes')).toHaveLength(0);
    await logged('request count', 'store-room', 2);
    expect(
      lines()
        .filter(({ msg }) => msg === 'request count')
        .map(({ service }) => service),
    ).toEqual(['shop', 'store-room', 'store-room']);
  });

  it('services of one process finish their requests on SIGTERM, the public one before those behind it, and exit 0', async () => {
    const { process, exited, logged, lines, shop, storeRoom } = await started();
    const answers = [shop, storeRoom].map((url) => fetch(`${url}/doors/slow`));
    await Promise.all(NAMES.map((name) => logged('request slow', name)));
    process.kill('SIGTERM');
    process.kill('SIGINT');
    for (const answer of answers) expect(await (await answer).json()).toEqual({ what: 'slow' });
    expect(await exited).toBe(0);
    const ended = lines().filter(({ msg }) => ['onApplicationShutdown', 'drained'].includes(msg));
    expect(ended.map(({ service }) => service)).toEqual(['shop', 'store-room', 'mall']);
  });

  it.each(['fail', 'throw', 'reject'])(
    'services of one process are all drained when one cannot go on (%s)',
    async (what) => {
      const { exited, lines, messages, storeRoom } = await started();
      await fetch(`${storeRoom}/doors/${what}`);
      expect(await exited).toBe(1);
      const ended = lines().filter(({ msg }) => msg === 'onApplicationShutdown');
      // As a set: they may be of one millisecond.
      expect(ended.map(({ service }) => service).sort()).toEqual([...NAMES]);
      expect(messages()).toContain('drained');
    },
  );

  it('services of one process are all not ready when one cannot go on', async () => {
    const { logged, shop, storeRoom } = await started({ STORE_ROOM_DRAIN_DELAY_MS: '2000' });
    await fetch(`${storeRoom}/doors/fail`);
    await logged('answered fail', 'store-room');
    const ready = await fetch(`${shop}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ reason: 'the consumer died' });
  });
});

describe('services of one process that cannot start', () => {
  it('services of one process name each wrong variable as it was read, those of all services at once', async () => {
    const { exited, errors } = start({
      COLOUR: '',
      SHOP_COLOUR: 'red',
      SHOP_LOG_LEVEL: 'loud',
      STORE_ROOM_PORT: 'http',
    });
    expect(await exited).toBe(1);
    expect(errors()).toBe(
      'shop: SHOP_LOG_LEVEL is wrong: expected one of debug, info, warn, error, got "loud"\n' +
        'store-room: STORE_ROOM_PORT is wrong: expected an integer from 0 to 65535, got "http"\n' +
        'store-room: COLOUR is missing: Of the doors\n',
    );
  });

  it('services of one process end it when the port of one is taken, and name the setting that moves it', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { exited, messages } = start({ STORE_ROOM_PORT: String(port) });
    expect(await exited).toBe(1);
    squatter.close();
    expect(messages()).toContain(`port ${port} on 127.0.0.1 is taken; set STORE_ROOM_PORT to another`);
  });
});
