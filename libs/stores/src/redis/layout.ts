import type { Json, OutboxRecord, Versioned } from '../versioned-store.js';

/** How the keys in Redis are named. */
export interface RedisStoreOptions {
  /**
   * Before each key. Default `store:`. In a cluster, a row and its records must be of one slot: give each key a hash tag of its own, as in
   * `{loaf-1}`.
   */
  readonly prefix?: string;
}

export const rowKey = ({ prefix = 'store:' }: RedisStoreOptions, key: string): string => `${prefix}${key}`;
export const recordsKey = (options: RedisStoreOptions, key: string): string => `${rowKey(options, key)}:outbox`;

export const versionedOf = <V extends Json>([value, version]: (string | null)[]): Versioned<V> | undefined =>
  value && version ? { value: JSON.parse(value) as V, version: Number(version) } : undefined;

export const recordsOf = (list: string[]): OutboxRecord[] => list.map((record) => JSON.parse(record) as OutboxRecord);
