import { DatabaseUnavailableError, LockTimeoutError, UniqueViolationError } from '@backstep/concurrency';
import { isConflict, mayBeDuplicate } from './failures.js';

/**
 * What a batch that has failed does next: the table of docs/architecture.md, whose rows are tried from the top.
 * - `without duplicates`: asks which of its messages the inbox knows, and goes on without them
 * - `give back`: rejects its works with a retryable error; whoever delivered them tries again later
 * - `set aside`: asks which rows others have locked, and goes on without the works that need them, which wait by themselves
 * - `read again`: reads the rows that it had assumed
 * - `without refused`: asks which works demand what does not hold, such as a lock that is lost, refuses them, and goes on without them
 * - `retry`: reads and decides again after a pause
 * - `lock`: the same, with the rows locked while they are read
 * - `give back as contended`: rejects its works with ContendedError, which is retryable
 * - `halve`: each half by itself, until what fails stands alone and is parked or refused
 */
export type Next =
  | 'without duplicates'
  | 'give back'
  | 'set aside'
  | 'read again'
  | 'without refused'
  | 'retry'
  | 'lock'
  | 'give back as contended'
  | 'halve';

/** The attempt that has failed, and what the attempts before it have lost. */
export interface Tried extends Lost {
  /** The inbox was asked for duplicates, or the database for locked rows, because of this failure, and there are none. */
  readonly askedInVain: boolean;
  /** Some row was assumed and not read. That may be the only reason for the failure. */
  readonly assumed: boolean;
  /** A part has failed that decisions have demanded, and not a row. */
  readonly demanded: boolean;
}

/** The conflicts that a batch has lost to other transactions. */
export interface Lost {
  /** Conflicts so far, the last failure included. */
  readonly conflicts: number;
  /** The constraint that the last conflict violated, if it was a unique violation; and how often in a row. */
  readonly violated: string | undefined;
  readonly sameViolations: number;
}

export const NOTHING_LOST: Lost = { conflicts: 0, violated: undefined, sameViolations: 0 };

/** @returns `lost` with this failure counted as one more conflict */
export function andLost(lost: Lost, failure: Error): Lost {
  const violated = failure instanceof UniqueViolationError ? `${failure.table} ${failure.constraint}` : undefined;
  const again = violated !== undefined && violated === lost.violated;
  return { conflicts: lost.conflicts + 1, violated, sameViolations: again ? lost.sameViolations + 1 : 1 };
}

interface Limits {
  readonly optimisticTries: number;
  readonly conflictsMax: number;
  readonly sameViolationsMax: number;
}

export function next(
  failure: Error,
  tried: Tried & { readonly askedInVain: true },
  limits: Limits,
): Exclude<Next, 'without duplicates' | 'set aside' | 'without refused'>;
export function next(failure: Error, tried: Tried, limits: Limits): Next;
export function next(failure: Error, tried: Tried, limits: Limits): Next {
  if (mayBeDuplicate(failure) && !tried.askedInVain) return 'without duplicates';
  if (failure instanceof DatabaseUnavailableError) return 'give back';
  if (failure instanceof LockTimeoutError && !tried.askedInVain) return 'set aside';
  // Assumed rows prove nothing: before a message is parked or a conflict counted, the rows are read.
  if (tried.assumed) return 'read again';
  if (tried.demanded && !tried.askedInVain) return 'without refused';
  if (isConflict(failure)) {
    // A race for a unique key is lost once: the next attempt reads the winner's row. A violation that repeats is no race.
    if (tried.sameViolations > limits.sameViolationsMax) return 'halve';
    if (tried.conflicts > limits.conflictsMax) return 'give back as contended';
    return tried.conflicts < limits.optimisticTries ? 'retry' : 'lock';
  }
  return 'halve';
}
