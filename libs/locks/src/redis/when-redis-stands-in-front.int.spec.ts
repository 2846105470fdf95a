import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LockedError, type Executor } from '@backstep/concurrency';
import { answerLost, startRedis, waitUntil } from '@backstep/testing';
import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { type NamedLocks, type Throttle } from '../index.js';
import { LockKit } from '../locks.fixture.spec.js';
import { RedisThrottle } from './redis-throttle.js';

/**
 * Goal: Redis keeps those who wait from asking the database, and nothing else depends on it: not the lock, and not that there is one.
 * Method: a real Redis, which is asked, lost, stopped and emptied meanwhile; the statements to the database are counted. Without a Redis the specs
 * that need one are skipped.
 */
const server = await startRedis();
const withRedis = server ? describe : describe.skip;
const prefix = `${randomUUID()}:`;

let kit: LockKit;
let redis: Redis;
let throttle: RedisThrottle;
let asked: number;
const failures: unknown[] = [];

beforeAll(async () => {
  kit = await LockKit.start();
  if (!server) return;
  redis = new Redis(server.url, { maxRetriesPerRequest: 1, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  throttle = new RedisThrottle(redis, { prefix });
  await connected(throttle);
});
afterAll(async () => {
  throttle?.close();
  redis?.disconnect();
  await server?.stop();
  await kit.stop();
});
beforeEach(async () => {
  [asked, failures.length] = [0, 0];
  await kit.database.pool.query('TRUNCATE named_lock');
});

function instance(throttle: Throttle): NamedLocks {
  const pool = kit.pool();
  const executor: Executor = {
    query: (text, values) => {
      if (text.includes('locks.take')) asked++;
      return pool.query(text, values);
    },
  };
  return kit.instance({ executor, throttle, failed: (_, error) => void failures.push(error) });
}
const throttled = (): NamedLocks => instance(throttle);
/** It keeps no command for later, so that it fails those that come before it has connected. */
const connected = (one: RedisThrottle): Promise<boolean> =>
  waitUntil('Redis answers', async () => {
    await one.leave([{ name: 'nothing', holder: 'nobody', epoch: 1 }]);
    return true;
  });
const keyOf = (name: string) => redis.get(prefix + name);
const noWork = () => Promise.resolve();

withRedis('a throttle on Redis', () => {
  it('workers that wait for one name ask Redis and seldom the database, and each has its turn alone', async () => {
    const instances = Array.from({ length: 6 }, throttled);
    let inside = 0;
    let most = 0;
    const held = await instances[0]?.acquire(['a'], { leaseMs: 60_000 });
    const working = instances.slice(1).map((locks) =>
      locks.with(['a'], { waitMs: 60_000, leaseMs: 60_000 }, async () => {
        most = Math.max(most, ++inside);
        await kit.database.pool.query('SELECT 1');
        inside--;
      }),
    );
    const began = performance.now();
    await waitUntil('a second of waiting', () => performance.now() - began > 1_000);
    // Each of the five asks it twice a second at most; without Redis it would be ten times as often.
    expect(asked).toBeLessThan(1 + 5 * 4);
    await held?.release();
    await Promise.all(working);
    expect(most).toBe(1);
    expect(failures).toEqual([]);
    await waitUntil('no key to be left', async () => (await keyOf('a')) === null);
  });

  it('a key of another holder is neither deleted nor extended', async () => {
    expect(await throttle.enter(['x', 'y'], 'one', 60_000)).toEqual({ free: true });
    const refused = await throttle.enter(['y', 'z'], 'two', 60_000);
    expect(refused).toMatchObject({ free: false });
    expect((refused as { busyMs: number }).busyMs).toBeGreaterThan(50_000);
    expect(await keyOf('z')).toBeNull();
    const others = ['x', 'y'].map((name) => ({ name, holder: 'two', epoch: 1 }));
    await throttle.leave(others);
    await throttle.extend(others, 1);
    expect([await keyOf('x'), await keyOf('y')]).toEqual(['one', 'one']);
    await throttle.leave(['x', 'y'].map((name) => ({ name, holder: 'one', epoch: 1 })));
    expect([await keyOf('x'), await keyOf('y')]).toEqual([null, null]);
  });

  it('a Redis that has lost all its keys lets nobody in whom the database does not', async () => {
    const held = await throttled().acquire(['a', 'b'], { leaseMs: 60_000 });
    await redis.del(prefix + 'a', prefix + 'b');
    await expect(throttled().acquire(['b'], { leaseMs: 1_000 })).rejects.toBeInstanceOf(LockedError);
    await held.release();
  });

  it('a key that nobody deletes, of a holder that is gone, keeps a name locked for no longer than it is believed', async () => {
    const locks = throttled();
    await locks.with(['a'], { leaseMs: 1_000 }, noWork);
    await redis.set(`${prefix}a`, 'nobody', 'PX', 3_600_000);
    const began = performance.now();
    await locks.with(['a'], { waitMs: 30_000, leaseMs: 1_000 }, noWork);
    expect(performance.now() - began).toBeLessThan(10_000);
    await redis.del(`${prefix}a`);
  });

  (server?.pid === undefined ? it.skip : it)('a Redis that hangs costs a short wait, and no lock', async () => {
    const pid = server?.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    try {
      const held = await throttled().acquire(['a'], { leaseMs: 60_000 });
      await expect(throttled().acquire(['a'], { leaseMs: 1_000 })).rejects.toBeInstanceOf(LockedError);
      await held.release();
      expect(failures.length).toBeGreaterThan(0);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await throttled().with(['a'], { waitMs: 30_000, leaseMs: 1_000 }, noWork);
  });
});

withRedis('a throttle whose connection breaks', () => {
  const through = async () => {
    const proxy = await answerLost(Number(new URL(server?.url ?? '').port), 'wanted');
    return { proxy, client: new Redis(proxy.port, { lazyConnect: true, maxRetriesPerRequest: 1 }) };
  };

  it('a command whose answer was lost fails, and is not sent again when Redis is back', async () => {
    const { proxy, client } = await through();
    const broken = new RedisThrottle(client, { prefix });
    await connected(broken);
    await expect(broken.enter(['wanted'], 'one', 60_000)).rejects.toThrow(/retries per request|closed/i);
    expect(proxy.lost()).toBe(1);
    await connected(broken);
    expect(proxy.asked()).toBe(1);
    broken.close();
    proxy.close();
    await redis.del(`${prefix}wanted`);
  });

  it('a command that comes while Redis is away fails at once, and marks nothing when Redis is back', async () => {
    const { proxy, client } = await through();
    const broken = new RedisThrottle(client, { prefix });
    await expect(broken.enter(['late'], 'one', 60_000)).rejects.toThrow();
    await connected(broken);
    expect(await keyOf('late')).toBeNull();
    broken.close();
    proxy.close();
  });

  it('a client of ioredis with one retry would send the command again', async () => {
    const { proxy, client } = await through();
    expect(await client.get(`${prefix}wanted`)).toBeNull();
    expect([proxy.lost(), proxy.asked()]).toEqual([1, 2]);
    client.disconnect();
    proxy.close();
  });
});

describe('a throttle that is away, or lies', () => {
  it('locks are taken and refused by the database while Redis cannot be reached', async () => {
    const away = new RedisThrottle(new Redis({ port: 1, lazyConnect: true }));
    const locks = instance(away);
    const held = await locks.acquire(['a'], { leaseMs: 60_000 });
    await expect(instance(away).acquire(['a'], { leaseMs: 1_000 })).rejects.toBeInstanceOf(LockedError);
    await held.release();
    expect(failures.length).toBeGreaterThan(0);
    away.close();
  });

  it('a throttle that grants everything to everybody gives nobody a lock that another has', async () => {
    const granting: Throttle = {
      enter: () => Promise.resolve({ free: true }),
      extend: noWork,
      leave: noWork,
    };
    const held = await instance(granting).acquire(['a'], { leaseMs: 60_000 });
    await expect(instance(granting).acquire(['a'], { leaseMs: 1_000 })).rejects.toBeInstanceOf(LockedError);
    await held.release();
  });

  it('a throttle that always says that all is taken keeps nobody from a lock for long', async () => {
    const refusing: Throttle = {
      enter: () => Promise.resolve({ free: false, busyMs: 3_600_000 }),
      extend: noWork,
      leave: noWork,
    };
    const locks = instance(refusing);
    for (let turn = 0; turn < 3; turn++) await locks.with(['a'], { waitMs: 30_000, leaseMs: 1_000 }, noWork);
  });
});
