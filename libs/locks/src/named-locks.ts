import { backoffMs, delay } from '@backstep/resilience';
import { LockedError, type Executor } from '@backstep/concurrency';
import { randomUUID } from 'node:crypto';
import { setTimeout as abortableDelay } from 'node:timers/promises';
import { Held } from './held.js';
import type { Lease } from './lease.js';
import { DEFAULT_LOCK_LIMITS, type LockLimits } from './limits.js';
import { checkedMs, lockNames } from './names.js';
import { claim, extend, purge, release, take, type Taken } from './statements.js';
import { Throttled } from './throttled.js';
import type { Throttle } from './throttle.js';

/** How locks are taken. */
export interface LocksOptions {
  /** How long others are waited for, milliseconds. Default 0: a lock that is not free fails at once. */
  readonly waitMs?: number;
  /** How long the locks are held unless they are extended, milliseconds. Others wait for so long when this process dies. */
  readonly leaseMs: number;
  /** Ends the wait, and aborts `held.signal`. The locks are given back all the same. */
  readonly signal?: AbortSignal | undefined;
}

/** What named locks work with. */
export interface NamedLocksParts {
  readonly executor: Executor;
  readonly limits?: Partial<LockLimits>;
  /** Stands in front of the database, where many wait for few names. */
  readonly throttle?: Throttle;
  /** Hears what went wrong and was gone on without, worded to follow "could not": `release locks`. */
  readonly failed?: (what: string, error: unknown) => void;
}

const RELEASE_ATTEMPTS = 3;
const RELEASE_BACKOFF = { baseMs: 50, capMs: 500 };

/**
 * Locks of names that outlive a transaction: for what takes longer than one, such as a call to a provider. They are rows with a lease by the
 * database's clock. A lease keeps others away while its holder lives; it cannot keep a holder from going on that was taken for dead. What is written
 * under a lock is right because the write itself looks whether the lock is held: see {@link Held.fence}.
 */
export class NamedLocks {
  private readonly executor: Executor;
  private readonly limits: LockLimits;
  private readonly throttled: Throttled | undefined;
  private readonly failed: (what: string, error: unknown) => void;

  constructor({ executor, limits, throttle, failed = () => undefined }: NamedLocksParts) {
    this.executor = executor;
    this.limits = { ...DEFAULT_LOCK_LIMITS, ...limits };
    this.failed = failed;
    this.throttled = throttle && new Throttled(throttle, this.limits, failed);
  }

  /**
   * Runs `work` while all names are locked, and releases them when it has ended, however it ends.
   * @returns what `work` returns
   * @throws LockedError when they were not to be had in time (nothing was locked); RangeError for a wrong name or time; the reason of `signal`;
   * DatabaseUnavailableError; what `work` throws
   */
  async with<T>(names: readonly string[], options: LocksOptions, work: (held: Held) => Promise<T>): Promise<T> {
    const held = await this.acquire(names, options);
    try {
      return await work(held);
    } finally {
      await held.release();
    }
  }

  /** {@link with}, for a caller that releases the locks itself. @throws as {@link with} does */
  async acquire(names: readonly string[], { waitMs = 0, leaseMs, signal }: LocksOptions): Promise<Held> {
    const sorted = lockNames(names, this.limits.namesMax);
    checkedMs('waitMs', waitMs, 0, Number.MAX_SAFE_INTEGER);
    checkedMs('leaseMs', leaseMs, 1, this.limits.leaseMaxMs);
    const until = performance.now() + waitMs;
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted();
      const since = performance.now();
      const taken = await this.attempt(sorted, leaseMs);
      if ('leases' in taken) {
        const held = new Held(taken.leases, leaseMs, since, this, signal);
        if (!signal?.aborted) return held;
        await held.release();
        throw signal.reason;
      }
      const left = until - performance.now();
      if (left <= 0) throw new LockedError(taken.others, { retryAfterMs: taken.busyMs });
      const pause = Math.min(backoffMs(this.limits.poll, attempt), taken.busyMs || Infinity, left);
      await abortableDelay(pause, undefined, { ...(signal && { signal }) }).catch(() => signal?.throwIfAborted());
    }
  }

  /**
   * Takes as many of these names as are free, each by itself: for workers that share work.
   * @param max of them at most. Default: all
   * @throws RangeError for a wrong name or time; DatabaseUnavailableError
   */
  async claim(names: readonly string[], { leaseMs, max }: { leaseMs: number; max?: number }): Promise<Lease[]> {
    if (names.length === 0 || max === 0) return [];
    const sorted = lockNames(names, Infinity);
    checkedMs('leaseMs', leaseMs, 1, this.limits.leaseMaxMs);
    const wanted = sorted.map((name) => ({ name, holder: randomUUID() }));
    return claim(this.executor, wanted, leaseMs, max ?? wanted.length);
  }

  /**
   * Extends many leases in one statement.
   * @returns the names that are still held
   * @throws RangeError for a wrong time; DatabaseUnavailableError
   */
  async extend(leases: readonly Lease[], leaseMs: number): Promise<readonly string[]> {
    checkedMs('leaseMs', leaseMs, 1, this.limits.leaseMaxMs);
    if (leases.length === 0) return [];
    const kept = await extend(this.executor, leases, leaseMs);
    this.throttled?.extend(leases, leaseMs);
    return kept;
  }

  /** Releases many in one statement, those that are still held. Does not reject: what cannot be released runs out. */
  async release(leases: readonly Lease[]): Promise<void> {
    if (leases.length === 0) return;
    this.throttled?.leave(leases);
    for (let attempt = 0; ; attempt++) {
      try {
        await release(this.executor, leases);
        return;
      } catch (error) {
        if (attempt + 1 < RELEASE_ATTEMPTS) await delay(backoffMs(RELEASE_BACKOFF, attempt));
        else return this.failed('release locks', error);
      }
    }
  }

  /** Deletes the rows of names that nobody has held for a while: a periodic job. @returns how many @throws DatabaseUnavailableError */
  async purge(): Promise<number> {
    const { keepFreeMs, purgeChunk } = this.limits;
    for (let all = 0; ;) {
      const deleted = await purge(this.executor, keepFreeMs, purgeChunk);
      all += deleted;
      if (deleted < purgeChunk) return all;
    }
  }

  private async attempt(names: readonly string[], leaseMs: number): Promise<Taken> {
    const holder = randomUUID();
    const busy = await this.throttled?.enter(names, holder, leaseMs);
    if (busy) return busy;
    const leases = names.map((name): Lease => ({ name, holder, epoch: undefined }));
    try {
      const taken = await take(this.executor, names, holder, leaseMs);
      if ('others' in taken) this.throttled?.leave(leases);
      return taken;
    } catch (error) {
      // It may have been committed all the same, and nobody else knows of it.
      void this.release(leases);
      throw error;
    }
  }
}
