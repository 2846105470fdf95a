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
import { WatchConnections } from './watch-connections.js';

/**
 * Rows in Redis, compared by WATCH and set by MULTI and EXEC: Redis drops the EXEC when somebody wrote the row since the WATCH. Four round
 * trips a put and a connection of its own; {@link RedisScriptStore} does the same in one. The same layout: both may write the same rows.
 */
export class RedisWatchStore<V extends Json = Json> implements OutboxStore<V> {
  private readonly connections: WatchConnections;

  constructor(
    private readonly redis: Redis,
    private readonly options: RedisStoreOptions = {},
  ) {
    this.connections = new WatchConnections(redis);
  }

  async get(key: string): Promise<Versioned<V> | undefined> {
    return versionedOf(await this.redis.hmget(rowKey(this.options, key), 'value', 'version'));
  }

  put(key: string, value: V, expected: number | undefined): Promise<number> {
    return this.write(key, value, expected);
  }

  putWithRecord(key: string, value: V, expected: number | undefined, record: OutboxRecord): Promise<number> {
    return this.write(key, value, expected, JSON.stringify(record));
  }

  async recordsOf(key: string): Promise<OutboxRecord[]> {
    return recordsOf(await this.redis.lrange(recordsKey(this.options, key), 0, -1));
  }

  /** Ends the connections for WATCH; the one that was given stays. */
  close(): void {
    this.connections.close();
  }

  private async write(key: string, value: V, expected: number | undefined, record?: string): Promise<number> {
    const version = versionAfter(expected);
    const row = rowKey(this.options, key);
    const isWritten = await this.connections.use(async (connection) => {
      await connection.watch(row);
      const current = await connection.hget(row, 'version');
      if (current !== (expected === undefined ? null : String(expected))) {
        await connection.unwatch();
        return false;
      }
      const transaction = connection.multi().hset(row, 'version', version, 'value', JSON.stringify(value));
      if (record !== undefined) transaction.rpush(recordsKey(this.options, key), record);
      const results = await transaction.exec();
      // EXEC runs the rest when one command fails, so each answer is looked at.
      for (const [error] of results ?? []) if (error) throw error;
      return results !== null;
    });
    if (!isWritten) throw new VersionConflictError(key, expected);
    return version;
  }
}
