import type { BackoffPolicy } from '@backstep/resilience';
import type { BlockedLimits } from './blocked-works.js';
import { DEFAULT_HOT_KEY_LIMITS, type HotKeyLimits } from './contention/hot-keys.js';

/** Bounds of the unit of work. */
export interface UnitOfWorkLimits extends BlockedLimits {
  /** Messages and requests that share one commit. */
  readonly batchMax: number;
  /** Requests that may wait; more are refused with OverloadedError. (The transport bounds the messages by what it fetches.) */
  readonly requestQueueMax: number;
  /** Lost optimistic locks of a batch, after which its rows are read with locks. */
  readonly optimisticTries: number;
  /** Lost locks of any kind, after which the batch is given back as contended. */
  readonly conflictsMax: number;
  /** Consecutive violations of one constraint, after which it counts as no race: each attempt has read the rows anew. */
  readonly sameViolationsMax: number;
  readonly conflictBackoff: BackoffPolicy;
  /**
   * How long an attempt with locks waits for one row, milliseconds; the `lock_timeout` of the pool's connections, which optimistic attempts
   * have, should be the same. An entity that says `locked({ wait })` may have its rows waited for less.
   */
  readonly lockTimeoutMs: number;
  readonly hotKeys: HotKeyLimits;
}

/** 256 messages and requests a commit, 5,000 requests waiting; locks after three lost attempts, given back after twelve. */
export const DEFAULT_LIMITS: UnitOfWorkLimits = {
  batchMax: 256,
  requestQueueMax: 5_000,
  optimisticTries: 3,
  conflictsMax: 12,
  sameViolationsMax: 4,
  conflictBackoff: { baseMs: 2, capMs: 100 },
  lockTimeoutMs: 2_000,
  hotKeys: DEFAULT_HOT_KEY_LIMITS,
  requestBlockedMs: 5_000,
  messageBlockedMs: 120_000,
};
