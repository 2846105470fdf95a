import type { BackoffPolicy } from '@backstep/resilience';

/** Bounds of named locks. */
export interface LockLimits {
  /** Names that one call takes. */
  readonly namesMax: number;
  /** The longest lease, milliseconds: for so long at most a crashed holder is waited for. */
  readonly leaseMaxMs: number;
  /** Pauses between attempts to take locks that others hold; never longer than their leases. */
  readonly poll: BackoffPolicy;
  /** How long a call waits for the throttle, milliseconds. Then it goes on without. */
  readonly throttleMs: number;
  /** How long the throttle is believed that others hold a name before the database is asked, milliseconds. */
  readonly believeThrottleMs: number;
  /**
   * How long the row of a name that nobody holds is kept, milliseconds. Longer than any statement runs: a statement that has drawn its epoch
   * before must not insert a name anew that another has had meanwhile with a later one.
   */
  readonly keepFreeMs: number;
  /** Rows that one statement of a purge deletes. */
  readonly purgeChunk: number;
}

/** 100 names a call, leases of at most a day, pauses of at most 250 ms; free names are forgotten after two minutes. */
export const DEFAULT_LOCK_LIMITS: LockLimits = {
  namesMax: 100,
  leaseMaxMs: 86_400_000,
  poll: { baseMs: 5, capMs: 250 },
  throttleMs: 100,
  believeThrottleMs: 500,
  keepFreeMs: 120_000,
  purgeChunk: 1_000,
};
