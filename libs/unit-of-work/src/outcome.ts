import type { Batch, BatchResult } from './batch.js';
import type { Taking } from './contention/contention.js';
import type { RowSet } from './row-set.js';
import type { SharedParts } from './shared-parts.js';
import type { Work } from './work.js';

/** An attempt at a batch. */
export interface Attempt {
  readonly batch: Batch;
  /** Ids of outbox rows that its statement deletes. */
  readonly acknowledged: readonly string[];
  /** Known once the works were asked for their rows. */
  taking: Taking;
  /** The rows of the attempt before it, where it has failed because some of them had changed. */
  readonly staleBefore: RowSet | undefined;
  /** How often the batch was attempted, this one included. */
  readonly attempts: number;
  /** When this attempt, and the first one, began, by `performance.now()`. */
  readonly began: number;
  readonly firstBegan: number;
}

/** An attempt at a batch that has failed. */
export interface Failed {
  readonly failure: Error;
  /** Some row that the batch decided from was not read. */
  readonly assumed: boolean;
  /** What the decisions have demanded, when that has failed the batch. */
  readonly demanded: SharedParts | undefined;
  /** The rows of the attempt, where some of them had been changed by somebody else. */
  readonly stale: RowSet | undefined;
  readonly rowSet: RowSet;
  /** How often the batch was attempted, this one included. */
  readonly attempts: number;
  /** When this attempt, and the first one, began, by `performance.now()`. */
  readonly began: number;
  readonly firstBegan: number;
}

export const isReplay = (work: Work): boolean => work.kind === 'message' && work.replay !== undefined;

/** After the commit. */
export function settle(work: Work, { answers, refusals }: BatchResult): void {
  if (refusals.has(work)) work.settle.reject(refusals.get(work));
  else if (work.kind !== 'request') work.settle.resolve();
  else work.settle.resolve(answers.get(work));
}

export function rejectAll(works: readonly Work[], error: Error): void {
  for (const work of works) work.settle.reject(error);
}
