import { LockedError } from '@backstep/concurrency';
import { fencedBy, type NamedLocks } from '@backstep/locks';
import type { Change } from '@backstep/unit-of-work';

/** What an owner has while it is one. */
export interface Ownership {
  /** Aborts when it is not the owner any more. */
  readonly lost: AbortSignal;
  /** Goes into each decision that is made as the owner: it is not committed by who is none any more. */
  readonly fence?: Change | undefined;
}

/** Says which instance applies the entries of a lane. */
export interface LaneOwner {
  /**
   * Runs `work` if nobody does so under this name, in this process or another.
   * @param work ends soon after `lost` is aborted
   * @returns false when somebody does; nothing was run
   */
  alone(name: string, work: (own: Ownership) => Promise<void>): Promise<boolean>;
}

/** Everybody is the owner, all at once. Entries are still applied once and in order, since their rows say so: only with more conflicts. */
export const EVERYBODY: LaneOwner = {
  async alone(_, work) {
    await work({ lost: new AbortController().signal });
    return true;
  },
};

/** The name of a lane's lock. */
export const lockOf = (lane: string): string => `lane/${lane}`;

/** How long a lane stands still after its owner has died, milliseconds. */
export const OWNER_LEASE_MS = 5_000;

/**
 * The owner is who holds a named lock, with a lease that is extended while it works.
 * @param leaseMs how long a lane stands still after its owner has died, milliseconds
 */
export const ownerBy = (locks: NamedLocks, leaseMs = OWNER_LEASE_MS): LaneOwner => ({
  async alone(name, work) {
    try {
      await locks.with([lockOf(name)], { leaseMs }, async (held) => {
        // A lease that cannot be extended runs out, and `held.signal` aborts.
        const extend = setInterval(() => void held.extend().catch(() => undefined), leaseMs / 3);
        try {
          await work({ lost: held.signal, fence: fencedBy(held) });
        } finally {
          clearInterval(extend);
        }
      });
      return true;
    } catch (error) {
      if (error instanceof LockedError) return false;
      throw error;
    }
  },
});
