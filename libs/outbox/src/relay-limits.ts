import type { BackoffPolicy } from '@backstep/resilience';
import type { WireMessage } from '@backstep/messages';
import type { BatchSizes } from './batch-size.js';
import { DEFAULT_HOLD_LIMITS, type HoldLimits, type Refused } from './held-keys.js';

/** Sends messages and resolves when all are acknowledged by all in-sync replicas. Order within the call is kept per key. */
export interface Publisher {
  publish(messages: readonly WireMessage[]): Promise<void>;
  /** What Kafka takes at once, as far as that is known. */
  readonly sizes?: BatchSizes;
  /** Asks Kafka what it takes: somebody may have changed it. Never throws. */
  askSizes?(): Promise<void>;
}

export interface RelayLimits extends HoldLimits {
  /** Messages sent with one request. */
  readonly publishMax: number;
  /** Messages kept in memory. More are left in the table, which is where they are safe, and read from it later. */
  readonly pendingMax: number;
  /** The same in bytes, as Kafka counts them. */
  readonly pendingMaxBytes: number;
  /** Acknowledged ids deleted with one statement. */
  readonly deleteMax: number;
  /** Acknowledged rows nobody took along with a write are deleted after this time. */
  readonly flushAfterMs: number;
  /** The same for rows of shards that others own. */
  readonly flushForeignAfterMs: number;
  /** How often rows left behind by a crashed process are looked for. */
  readonly sweepEveryMs: number;
  /** Only rows this old are taken for left behind. */
  readonly sweepOlderThanMs: number;
  readonly sweepMax: number;
  readonly retry: BackoffPolicy;
}

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

export interface RelayEvents {
  /** A send, a sweep, a read or a delete failed; it is tried again, or left to the owner's net. */
  failed?(what: 'publish' | 'park' | 'retry' | 'sweep' | 'read' | 'delete', error: unknown): void;
  /** Kafka refuses a message. It stays in the outbox, its key is held, and it is retried. */
  parked?(refused: Refused, error: unknown): void;
  published?(count: number, durationMs: number): void;
}
