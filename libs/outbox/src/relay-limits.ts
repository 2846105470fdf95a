import type { BackoffPolicy } from '@backstep/resilience';
import type { WireMessage } from '@backstep/messages';
import type { BatchSizes } from './batch-size.js';
import { DEFAULT_HOLD_LIMITS, type HoldLimits, type Refused } from './held-keys.js';

/** Sends messages and resolves when all are acknowledged by all in-sync replicas. Order within the call is kept per key and topic. */
export interface Publisher {
  publish(messages: readonly WireMessage[]): Promise<void>;
  /** The sizes that Kafka takes, when they are known. */
  readonly sizes?: BatchSizes;
  /** Asks Kafka for its sizes again, in case they were changed. Never throws. */
  askSizes?(): Promise<void>;
}

/** Bounds of the relay. Times are milliseconds. */
export interface RelayLimits extends HoldLimits {
  /** Messages of one request. */
  readonly publishMax: number;
  /** Messages kept in memory. Further ones stay in the table and are read from it later. */
  readonly pendingMax: number;
  /** Bytes of the messages kept in memory, as Kafka counts them. */
  readonly pendingMaxBytes: number;
  /** Acknowledged rows deleted with one statement. */
  readonly deleteMax: number;
  /** Acknowledged rows that no write has deleted are deleted after this time. */
  readonly flushAfterMs: number;
  /** Like `flushAfterMs`, for rows of shards that others own. With express these stay for so long, whatever is written meanwhile. */
  readonly flushForeignAfterMs: number;
  /** The interval at which the owner of a shard looks for rows that a crashed process left. */
  readonly sweepEveryMs: number;
  /** Rows younger than this are not swept: their own process may still send them from memory. */
  readonly sweepOlderThanMs: number;
  readonly sweepMax: number;
  readonly retry: BackoffPolicy;
}

/** A thousand messages a request, 20,000 or 64 MB in memory; a row of 3 s was left behind. */
export const DEFAULT_RELAY_LIMITS: RelayLimits = {
  publishMax: 1_000,
  ...DEFAULT_HOLD_LIMITS,
  pendingMax: 20_000,
  pendingMaxBytes: 64 * 1_024 * 1_024,
  deleteMax: 2_000,
  flushAfterMs: 500,
  flushForeignAfterMs: 20,
  sweepEveryMs: 2_000,
  sweepOlderThanMs: 3_000,
  sweepMax: 2_000,
  retry: { baseMs: 50, capMs: 5_000 },
};

/** Sees what the relay does; for metrics and logs. Must not throw. */
export interface RelayEvents {
  /** A send, a sweep, a read or a delete failed. It is retried, or left to the sweep of the shard's owner. */
  failed?(what: 'publish' | 'park' | 'retry' | 'sweep' | 'read' | 'delete', error: unknown): void;
  /** Kafka refuses a message. It stays in the outbox, its key is held, and it is retried. */
  parked?(refused: Refused, error: unknown): void;
  published?(count: number, durationMs: number): void;
}
