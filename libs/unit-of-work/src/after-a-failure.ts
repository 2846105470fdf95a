import { DatabaseUnavailableError, UniqueViolationError } from '@backstep/concurrency';
import { isConflict, mayBeDuplicate } from './failures.js';

/**
 * What a batch that has failed does next: the table of docs/architecture.md, whose rows are tried from the top.
 * - `without duplicates`: asks which of its messages are known, and goes on without them
 * - `give back`: to whoever delivered it, who tries again later
 * - `read again`: reads what it had assumed
 * - `retry`: reads and decides again after a pause
 * - `lock`: the same, with the rows locked while they are read
 * - `give back as contended`
 * - `halve`: each half by itself, until what fails stands alone and is parked or refused
 */
export type Next =
  'without duplicates' | 'give back' | 'read again' | 'retry' | 'lock' | 'give back as contended' | 'halve';

/** The try that has failed, and those before it. */
export interface Tried extends Lost {
  /** It has asked for duplicates because of this failure, and there are none. */
  readonly noDuplicates: boolean;
  /** Something of what it decided from was not read: that may be all that was wrong. */
  readonly assumed: boolean;
}

/** What a batch has lost to others. */
export interface Lost {
  /** Conflicts so far, the last failure included. */
  readonly conflicts: number;
  /** The constraint that the last one has violated, if it was that, and how often in a row. */
  readonly violated: string | undefined;
  readonly sameViolations: number;
}

export const NOTHING_LOST: Lost = { conflicts: 0, violated: undefined, sameViolations: 0 };

/** What is lost when this failure is one more conflict. */
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
  tried: Tried & { readonly noDuplicates: true },
  limits: Limits,
): Exclude<Next, 'without duplicates'>;
export function next(failure: Error, tried: Tried, limits: Limits): Next;
export function next(failure: Error, tried: Tried, limits: Limits): Next {
  if (mayBeDuplicate(failure) && !tried.noDuplicates) return 'without duplicates';
  if (failure instanceof DatabaseUnavailableError) return 'give back';
  // Nothing is concluded about messages or rows from what was not read.
  if (tried.assumed) return 'read again';
  if (isConflict(failure)) {
    // A race for a key is lost once: then the winner's row is read. One that is violated again and again is no race.
    if (tried.sameViolations > limits.sameViolationsMax) return 'halve';
    if (tried.conflicts > limits.conflictsMax) return 'give back as contended';
    return tried.conflicts < limits.optimisticTries ? 'retry' : 'lock';
  }
  return 'halve';
}
