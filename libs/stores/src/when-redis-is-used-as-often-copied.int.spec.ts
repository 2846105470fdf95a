import { createTestDatabase, startRedis, waitUntil } from '@backstep/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { freshKey } from './testing/checks.js';
import { VersionConflictError } from './index.js';
import { PostgresStore, postgresTables } from './postgres/index.js';
import { RedisScriptStore } from './redis/index.js';

/**
 * Goal: code for Redis that is often copied loses updates, and what replaces it does not.
 * Method: two clients of a real Redis take their steps in the one order in which they meet; no step waits for a time.
 */
const server = await startRedis();
const describeOnRedis = server ? describe : describe.skip;
const redis = new Redis(server?.url ?? '', { lazyConnect: true });
const rows = new RedisScriptStore<{ loaves: number }>(redis);
let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(postgresTables());
});
afterAll(async () => {
  rows.close();
  redis.disconnect();
  await server?.stop();
  await database?.drop();
});

const LEASE_MS = 30_000;
const RELEASE_OWN = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

describeOnRedis('Redis code that is often copied', () => {
  it('GET of the version and then SETNX of a lock loses an update: the lock begins after the look', async () => {
    const key = freshKey();
    await redis.hset(key, { loaves: 10, version: 1 });
    const write = async (expected: string | null, loaves: number) => {
      if (expected !== '1' || (await redis.set(`${key}:lock`, 'held', 'PX', LEASE_MS, 'NX')) === null) return false;
      await redis.hset(key, { loaves, version: Number(expected) + 1 });
      await redis.del(`${key}:lock`);
      return true;
    };
    // Both look before either takes the lock.
    const [a, b] = [await redis.hget(key, 'version'), await redis.hget(key, 'version')];
    expect([await write(a, 10 - 1), await write(b, 10 - 2)]).toEqual([true, true]);
    // Three loaves were sold, and both were told that theirs was written.
    expect(await redis.hgetall(key)).toEqual({ loaves: '8', version: '2' });
  });

  it('a put that compares the version by itself refuses the second of two that looked at the same row', async () => {
    const key = freshKey();
    await rows.put(key, { loaves: 10 }, undefined);
    const [a, b] = [await rows.get(key), await rows.get(key)];
    await rows.put(key, { loaves: 9 }, a?.version);
    await expect(rows.put(key, { loaves: 8 }, b?.version)).rejects.toThrow(VersionConflictError);
    expect((await rows.get(key))?.value).toEqual({ loaves: 9 });
  });

  const take = (key: string, owner: string) => redis.set(key, owner, 'PX', LEASE_MS, 'NX');
  /** The lease of the first ends, and the second takes the lock. */
  const passOver = async (key: string) => {
    await redis.pexpire(key, 1);
    await waitUntil('the lease is over', async () => (await redis.exists(key)) === 0);
    expect(await take(key, 'second')).toBe('OK');
  };

  it('GET of the owner and then DEL of the lock releases the lock of another', async () => {
    const key = freshKey();
    await take(key, 'first');
    const isMine = (await redis.get(key)) === 'first';
    await passOver(key);
    if (isMine) await redis.del(key);
    // The second still holds it, and so does the third.
    expect(await take(key, 'third')).toBe('OK');
  });

  it('a script that compares the owner and deletes the lock leaves the lock of another', async () => {
    const key = freshKey();
    await take(key, 'first');
    await passOver(key);
    expect(await redis.eval(RELEASE_OWN, 1, key, 'first')).toBe(0);
    expect(await take(key, 'third')).toBeNull();
  });

  it('a cache of versions that is written by loses an update; with a put that compares, it costs a conflict', async () => {
    const CACHED_S = 30 * 60;
    const table = new PostgresStore<{ loaves: number }>(database.pool);
    const key = freshKey();
    await table.put(key, { loaves: 10 }, undefined);
    await redis.set(`${key}:version`, 1, 'EX', CACHED_S);
    // Another program, which does not know of the cache.
    await table.put(key, { loaves: 9 }, 1);

    const cached = Number(await redis.get(`${key}:version`));
    await expect(table.put(key, { loaves: 8 }, cached)).rejects.toThrow(VersionConflictError);
    expect((await table.get(key))?.value).toEqual({ loaves: 9 });
    // As copied: compared with the cache, and written by the key alone.
    await database.pool.query('UPDATE versioned_rows SET value = $2, version = $3 WHERE key = $1', [
      key,
      JSON.stringify({ loaves: 8 }),
      cached + 1,
    ]);
    // The loaf that the other program sold is there again, under the version that it was told.
    expect(await table.get(key)).toEqual({ value: { loaves: 8 }, version: 2 });
  });
});
