import type { Redis } from 'ioredis';
import {
  VersionConflictError,
  versionAfter,
  type Json,
  type OutboxRecord,
  type OutboxStore,
  type Versioned,
} from '../versioned-store.js';
import { recordsKey, recordsOf, rowKey, versionedOf, type RedisStoreOptions } from './layout.js';

/** The versions come as text and are compared as text: numbers of Lua are exact up to 14 digits only when they become text. */
const COMPARE_AND_SET = `
local version = redis.call('HGET', KEYS[1], 'version') or ''
if version ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'value', ARGV[3])
if ARGV[4] then redis.call('RPUSH', KEYS[2], ARGV[4]) end
return 1`;

/**
 * Rows in Redis, compared and set by a script: Redis runs nothing else meanwhile. One round trip a put. The one to take, unless scripts are
 * forbidden.
 *
 * It has a connection of its own, which sends no command twice: a put whose answer was lost would meet its own write, and be called a
 * conflict although it had its effect. Such a put fails with the driver's error instead.
 */
export class RedisScriptStore<V extends Json = Json> implements OutboxStore<V> {
  private readonly redis: Redis;

  /** @param redis how to connect; it is left as it is */
  constructor(
    redis: Pick<Redis, 'duplicate'>,
    private readonly options: RedisStoreOptions = {},
  ) {
    // With 0 the driver fails what was sent when the connection closes. Without `autoResendUnfulfilledCommands` it would never answer.
    this.redis = redis.duplicate({ maxRetriesPerRequest: 0 });
    // Told by the command that it fails, or mended by connecting again.
    this.redis.on('error', () => undefined);
  }

  async get(key: string): Promise<Versioned<V> | undefined> {
    return versionedOf(await this.redis.hmget(rowKey(this.options, key), 'value', 'version'));
  }

  put(key: string, value: V, expected: number | undefined): Promise<number> {
    return this.write(key, value, expected, []);
  }

  putWithRecord(key: string, value: V, expected: number | undefined, record: OutboxRecord): Promise<number> {
    return this.write(key, value, expected, [JSON.stringify(record)]);
  }

  async recordsOf(key: string): Promise<OutboxRecord[]> {
    return recordsOf(await this.redis.lrange(recordsKey(this.options, key), 0, -1));
  }

  /** Ends its connection. */
  close(): void {
    this.redis.disconnect();
  }

  private async write(key: string, value: V, expected: number | undefined, record: string[]): Promise<number> {
    const version = versionAfter(expected);
    const keys = [rowKey(this.options, key), recordsKey(this.options, key)];
    const values = [String(expected ?? ''), String(version), JSON.stringify(value), ...record];
    const written = await this.redis.eval(COMPARE_AND_SET, keys.length, ...keys, ...values);
    if (written !== 1) throw new VersionConflictError(key, expected);
    return version;
  }
}
