import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ProductView, SettingSet } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { createApp, createLogger, loadConfig, platformConfig, type PlatformApp } from '@backstep/service';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { INVENTORY_CONFIG } from './config.js';
import { InventoryModule } from './inventory.module.js';

/**
 * Goal: what many callers edit at once is right whichever instance they ask, and each is told what became of its edit.
 * Method: two whole applications on one PostgreSQL, the second one with a clock that is an hour behind; Kafka is away, which must not matter.
 */
const HOUR_MS = 3_600_000;
let database: TestDatabase;
const instances: PlatformApp[] = [];
const urls: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  for (const name of ['one', 'two']) {
    const config = loadConfig(
      { ...platformConfig(0), ...INVENTORY_CONFIG },
      { DATABASE_URL: database.url, KAFKA_BROKERS: '127.0.0.1:1', LOG_LEVEL: 'error' },
    );
    const logger = createLogger({ service: `inventory ${name}`, level: 'error' });
    const start = () => createApp({ name: 'inventory', module: InventoryModule, config, logger });
    const instance = await (name === 'two' ? anHourBehind(start) : start());
    instances.push(instance);
    await instance.app.listen(0, '127.0.0.1');
    urls.push(await instance.app.getUrl());
  }
});
afterAll(async () => {
  for (const { app } of instances) await app.close();
  await database.drop();
});
beforeEach(() => database.pool.query('TRUNCATE product, stock, stock_adjustment, setting'));

/** An application keeps the clock that it is started with. */
async function anHourBehind<T>(start: () => Promise<T>): Promise<T> {
  const ofTheMachine = Date.now;
  Date.now = () => ofTheMachine() - HOUR_MS;
  try {
    return await start();
  } finally {
    Date.now = ofTheMachine;
  }
}

interface Answer<Body> {
  readonly status: number;
  readonly etag: string | null;
  readonly body: Body & { readonly type?: string; readonly current?: Body; readonly changedSince?: unknown };
}
async function ask<Body = ProductView>(
  method: string,
  path: string,
  {
    json,
    ifMatch,
    at = 0,
    type = 'application/json',
  }: { json?: object; ifMatch?: string; at?: number; type?: string } = {},
): Promise<Answer<Body>> {
  const response = await fetch(`${urls[at % 2]}${path}`, {
    method,
    headers: { ...(json && { 'content-type': type }), ...(ifMatch !== undefined && { 'if-match': ifMatch }) },
    ...(json && { body: JSON.stringify(json) }),
  });
  return { status: response.status, etag: response.headers.get('etag'), body: (await response.json()) as never };
}
const CUP = { name: 'Cup', currency: 'EUR', price: 500 };
const times = <T>(count: number, act: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => act(n)));

describe('a product', () => {
  beforeEach(async () => {
    expect(await ask('PUT', '/products/cup', { json: { ...CUP, onHand: 9 } })).toMatchObject({ status: 201 });
  });

  it('twenty PUTs of one version at two instances: one is stored, and nineteen are told what has changed', async () => {
    const answers = await times(20, (n) =>
      ask('PUT', '/products/cup', { json: { ...CUP, price: 600 + n }, ifMatch: '"v1"', at: n }),
    );
    const [stored, ...more] = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 412);
    expect([more.length, refused.length]).toEqual([0, 19]);
    for (const { etag, body } of refused) {
      expect([etag, body.type]).toEqual(['"v2"', PROBLEMS.preconditionFailed.type]);
      expect(body.current).toEqual(stored?.body);
      expect(body.changedSince).toEqual([{ version: 2, fields: ['price'], at: expect.any(String) }]);
    }
    expect((await ask('GET', '/products/cup')).body).toMatchObject({ version: 2, price: stored?.body.price });
  });

  it('a PUT that is refused succeeds with the ETag of its refusal', async () => {
    await ask('PUT', '/products/cup', { json: { ...CUP, price: 600 }, ifMatch: '"v1"' });
    const refused = await ask('PUT', '/products/cup', { json: { ...CUP, name: 'Mug' }, ifMatch: '"v1"', at: 1 });
    expect(refused.status).toBe(412);
    const again = { json: { ...CUP, name: 'Mug' }, ifMatch: refused.etag ?? '', at: 1 };
    expect(await ask('PUT', '/products/cup', again)).toMatchObject({ status: 200, body: { name: 'Mug', version: 3 } });
  });

  it('a PUT that names no version, a weak one, or the version of a product that is not there, changes nothing', async () => {
    const put = async (path: string, ifMatch?: string): Promise<number> =>
      (await ask('PUT', path, { json: CUP, ...(ifMatch !== undefined && { ifMatch }) })).status;
    expect([await put('/products/cup'), await put('/products/cup', 'W/"v1"')]).toEqual([428, 400]);
    expect([await put('/products/jar', '"v1"'), (await ask('GET', '/products/jar')).status]).toEqual([412, 404]);
    expect((await ask('GET', '/products/cup')).body).toMatchObject({ ...CUP, version: 1 });
  });

  it('a PUT is not refused because the stock has changed', async () => {
    await times(5, (n) => ask('POST', '/products/cup/adjustments', { json: { delta: 1, reason: 'found' }, at: n }));
    const put = await ask('PUT', '/products/cup', { json: { ...CUP, price: 600 }, ifMatch: '"v1"', at: 1 });
    expect(put).toMatchObject({ status: 200, body: { price: 600, onHand: 14, version: 2 } });
  });

  it.each(['application/json', 'application/merge-patch+json'])('a PATCH as %s is merged', async (type) => {
    await ask('PATCH', '/products/cup', { json: { name: 'Mug' }, ifMatch: '"v1"', type });
    const second = await ask('PATCH', '/products/cup', { json: { price: 600 }, ifMatch: '"v1"', at: 1, type });
    expect(second).toMatchObject({ status: 200, etag: '"v3"', body: { name: 'Mug', price: 600, version: 3 } });
    const third = await ask('PATCH', '/products/cup', { json: { currency: 'USD' }, ifMatch: '"v1"', type });
    expect(third).toMatchObject({
      status: 412,
      etag: '"v3"',
      body: { clashing: ['currency'], yours: { currency: 'USD' } },
    });
    expect(await ask('PATCH', '/products/cup', { json: { name: null }, type })).toMatchObject({ status: 400 });
    expect(await ask('PATCH', '/products/jar', { json: { price: 1 }, type })).toMatchObject({ status: 404 });
  });

  it('a PUT as a merge patch is refused', async () => {
    const put = { json: CUP, ifMatch: '"v1"', type: 'application/merge-patch+json' };
    expect(await ask('PUT', '/products/cup', put)).toMatchObject({ status: 415 });
  });

  it('a hundred PATCHes of three fields at two instances: each that is accepted is there, and nothing else', async () => {
    const answers = await times(100, (n) => {
      const json = n % 2 === 0 ? { name: `Cup ${n}` } : { price: 1_000 + n };
      return ask('PATCH', '/products/cup', { json, ifMatch: '"v1"', at: Math.floor(n / 2) });
    });
    const accepted = answers.filter(({ status }) => status === 200).map(({ body }) => body);
    expect(answers.filter(({ status }) => status !== 200 && status !== 412)).toEqual([]);
    // One name and one price: all others name what has changed since their version.
    expect(accepted.map(({ version }) => version).sort()).toEqual([2, 3]);
    const last = accepted.find(({ version }) => version === 3);
    expect((await ask('GET', '/products/cup', { at: 1 })).body).toEqual(last);
    expect([last?.name.startsWith('Cup '), (last?.price ?? 0) >= 1_000]).toEqual([true, true]);
  });
});

describe('a setting', () => {
  const put = (value: string, more: { ifMatch?: string; at?: number } = {}) =>
    ask<SettingSet>('PUT', '/settings/notice', { json: { value }, ...more });

  it('fifty writers at two instances, one of which has a clock that is an hour behind: the last to commit wins, and each is told which version it has overwritten', async () => {
    expect(await put('first')).toMatchObject({ status: 201, body: { version: 1, overwrote: null } });
    const began = Date.now();
    const answers = await times(50, (n) => put(`${n}`, { at: n }));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const byVersion = answers.map(({ body }) => body).sort((a, b) => a.version - b.version);
    expect(byVersion.map(({ version, overwrote }) => [version, overwrote])).toEqual(
      Array.from({ length: 50 }, (_, n) => [n + 2, n + 1]),
    );
    const behind = answers.map(({ body: { setAt } }) => Date.parse(setAt) < began);
    expect(behind).toEqual(answers.map((_, n) => n % 2 === 1));
    const { body } = await ask<SettingSet>('GET', '/settings/notice', { at: 1 });
    expect(body).toMatchObject({ value: byVersion.at(-1)?.value, version: 51 });
  });

  it('a writer who has seen the present text overwrites nothing unseen', async () => {
    const { etag } = await put('first');
    expect(await put('second', { ifMatch: etag ?? '', at: 1 })).toMatchObject({
      body: { version: 2, overwrote: null },
    });
    expect(await put('third', { ifMatch: etag ?? '' })).toMatchObject({ body: { version: 3, overwrote: 2 } });
  });

  it('a setting that is not set, or that there is none of, is not found', async () => {
    expect((await ask('GET', '/settings/delivery')).status).toBe(404);
    expect((await ask('PUT', '/settings/nonsense', { json: { value: 'x' } })).status).toBe(400);
  });
});
