import { backoffMs, delay, type BackoffPolicy } from '@backstep/resilience';
import type pg from 'pg';
import type { Counted } from './stock.js';

/** What the writers of one cell are given. */
export interface Surroundings {
  /** One for each client. */
  readonly sessions: readonly pg.Client[];
  /** Pools as the kit's instances have them; the strategy takes as many as it has instances. */
  readonly pools: readonly pg.Pool[];
  readonly tally: Tally;
  /** What a use case does between its read and its write; where the write does not depend on a read, before it. */
  work(): Promise<void> | undefined;
}

/** What the writers of one cell count. */
export class Tally {
  attempts = 0;
  /** Attempts that had to be made again, since another writer had come first. */
  conflicts = 0;
}

export interface Writers {
  /**
   * Takes one of a key.
   * @returns once that is acknowledged: from then on it must be in the row; false when nothing is left
   */
  take(client: number, key: string): Promise<boolean>;
  /** After the last `take`. */
  end?(): Promise<void>;
}

/** One way to let several writers change one row. */
export interface Strategy {
  readonly about: string;
  readonly counts: Counted;
  /** It may lose updates: it is there to show that the harness races. */
  readonly unsafe?: true;
  /** How long it runs before it is measured, where it has to learn what is wanted. */
  readonly settlesSeconds?: number;
  /** Its clients are callers in one process, and need no session each. */
  readonly inProcess?: true;
  begin(surroundings: Surroundings): Writers;
}

/** Full jitter, 1 to 64 ms. */
const BACKOFF: BackoffPolicy = { baseMs: 1, capMs: 64 };

/** An attempt that lost against another writer. */
export const LOST = Symbol('lost');

/** Makes an attempt until it is accepted: without a limit, so that each unit of work ends. */
export async function untilAccepted<T>(tally: Tally, attempt: () => Promise<T | typeof LOST>): Promise<T> {
  for (let lost = 0; ; lost++) {
    tally.attempts++;
    const outcome = await attempt();
    if (outcome !== LOST) return outcome;
    tally.conflicts++;
    await delay(backoffMs(BACKOFF, lost));
  }
}
