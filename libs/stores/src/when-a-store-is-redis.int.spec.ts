import { answerLost, startRedis } from '@backstep/testing';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { freshKey } from './testing/checks.js';
import { VersionConflictError } from './index.js';
import { RedisScriptStore, RedisWatchStore } from './redis/index.js';
import { WatchConnections } from './redis/watch-connections.js';
import { describeVersionedStore } from './testing/index.js';

/**
 * Goal: rows in Redis keep the contract of a versioned store, by a script and by WATCH, also when a connection breaks in the middle.
 * Method: the suite on a real Redis; a connection that Redis kills between WATCH and EXEC; a proxy that loses an answer.
 */
const server = await startRedis();
const describeOnRedis = server ? describe : describe.skip;
const redis = new Redis(server?.url ?? '', { lazyConnect: true });
const closing: { close(): void }[] = [];
afterAll(async () => {
  for (const one of closing) one.close();
  redis.disconnect();
  await server?.stop();
});

function closed<T extends { close(): void }>(store: T): T {
  closing.push(store);
  return store;
}

describeOnRedis('Redis', () => {
  const runner = { describe, it };
  describeVersionedStore('Redis by a script', () => closed(new RedisScriptStore(redis)), { runner });
  describeVersionedStore('Redis by WATCH', () => closed(new RedisWatchStore(redis)), { runner });

  it('Redis stores by script and by WATCH write the same rows', async () => {
    const [script, watch] = [closed(new RedisScriptStore(redis)), closed(new RedisWatchStore(redis))];
    const key = freshKey();
    await script.putWithRecord(key, 'script', undefined, { id: '1', payload: 1 });
    await watch.putWithRecord(key, 'watch', 1, { id: '2', payload: 2 });
    await expect(script.put(key, 'stale', 1)).rejects.toThrow(VersionConflictError);
    expect(await script.get(key)).toEqual({ value: 'watch', version: 2 });
    expect((await script.recordsOf(key)).map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('Redis connection that breaks between WATCH and EXEC writes nothing', async () => {
    const key = freshKey();
    const rival = closed(new RedisScriptStore(redis));
    await rival.put(key, 'first', undefined);
    const connections = closed(new WatchConnections(redis));
    const late = connections.use(async (connection) => {
      await connection.watch(`store:${key}`);
      await redis.client('KILL', 'ID', await connection.client('ID'));
      await rival.put(key, 'second', 1);
      return connection.multi().hset(`store:${key}`, 'version', 2, 'value', '"unchecked"').exec();
    });
    await expect(late).rejects.toThrow(/closed|ended|aborted|reset/i);
    expect(await rival.get(key)).toEqual({ value: 'second', version: 2 });
  });

  it('Redis put whose answer was lost fails with the error of the driver, and is not called a conflict', async () => {
    const key = freshKey();
    const proxy = await answerLost(Number(new URL(server?.url ?? '').port), 'EVAL');
    const through = new Redis(proxy.port, { lazyConnect: true });
    const store = closed(new RedisScriptStore(through));
    const put = store.put(key, 'written', undefined);
    await expect(put).rejects.toThrow(/retries per request|closed/i);
    expect(proxy.lost()).toBe(1);
    expect(await store.get(key)).toEqual({ value: 'written', version: 1 });
    through.disconnect();
    store.close();
    proxy.close();
  });
});
