import { setTimeout as delay } from 'node:timers/promises';
import type { Lease } from './lease.js';
import type { LockLimits } from './limits.js';
import type { Taken } from './statements.js';
import type { Throttle, ThrottleAnswer } from './throttle.js';

/** Names of which is known when the database was asked last; beyond the bound all are forgotten. */
const ASKED_MAX = 10_000;

/**
 * A throttle that cannot do harm: what it says counts for a while only, and it is waited for only for a while. So one that is away, or that says
 * for ever that all is taken, costs a wait; one that says that all is free costs what it was to save.
 */
export class Throttled {
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly throttle: Throttle,
    private readonly limits: Pick<LockLimits, 'throttleMs' | 'believeThrottleMs'>,
    private readonly failed: (what: string, error: unknown) => void,
  ) {}

  /** @returns undefined: the database is to be asked */
  async enter(
    names: readonly string[],
    holder: string,
    leaseMs: number,
  ): Promise<(Taken & { others: unknown }) | undefined> {
    const answer = await this.within(() => this.throttle.enter(names, holder, leaseMs));
    if (answer && !answer.free && this.isBelieved(names)) return { others: names, busyMs: answer.busyMs };
    const now = performance.now();
    if (this.asked.size >= ASKED_MAX) this.asked.clear();
    for (const name of names) this.asked.set(name, now);
    return undefined;
  }

  extend(leases: readonly Lease[], leaseMs: number): void {
    void this.within(() => this.throttle.extend(leases, leaseMs));
  }

  leave(leases: readonly Lease[]): void {
    void this.within(() => this.throttle.leave(leases));
  }

  /** The database was asked about one of these names not long ago. */
  private isBelieved(names: readonly string[]): boolean {
    const tooOld = performance.now() - this.limits.believeThrottleMs;
    return names.some((name) => (this.asked.get(name) ?? -Infinity) > tooOld);
  }

  private async within<T extends ThrottleAnswer | void>(ask: () => Promise<T>): Promise<T | undefined> {
    const end = new AbortController();
    try {
      const late = delay(this.limits.throttleMs, undefined, { signal: end.signal }).then(() => {
        throw new Error(`the throttle did not answer within ${this.limits.throttleMs} ms`);
      });
      return await Promise.race([ask(), late]);
    } catch (error) {
      this.failed('ask the throttle of locks', error);
      return undefined;
    } finally {
      end.abort();
    }
  }
}
