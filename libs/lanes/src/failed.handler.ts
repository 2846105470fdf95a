import { many, update, type DecideContext, type LoadedNeeds, type RequestHandler } from '@backstep/unit-of-work';
import { asRejected, demanded, type Applicable } from './apply.handler.js';
import { LaneEntry } from './lane-entry.entity.js';

/** An entry that could not be applied. */
export interface Failed extends Applicable {
  readonly error: unknown;
  /** So often may others hold its rows for too long. 1: it is rejected at once. */
  readonly attemptsMax: number;
}

const needs = ({ key, behind }: Applicable) => ({ entries: many(LaneEntry, [key, ...behind]) });

/**
 * Counts an attempt that failed; after the last one the entry is rejected. An entry that is not the first of its rows is neither counted nor
 * rejected: what comes behind it must not overtake what is before it. Answers whether the entry is settled now.
 */
export const countFailure: RequestHandler<Failed, boolean, ReturnType<typeof needs>> = {
  needs,
  decide(
    { key, behind, fence, error, attemptsMax }: Failed,
    { entries }: LoadedNeeds<ReturnType<typeof needs>>,
    context: DecideContext,
  ) {
    const entry = entries.get(key);
    const isQueued = (one: string): boolean => entries.get(one)?.state === 'QUEUED';
    if (!entry || !isQueued(key)) return { answer: true, changes: [] };
    if (behind.some(isQueued)) return { answer: false, changes: [] };
    const attempts = entry.attempts + 1;
    if (attempts < attemptsMax)
      return { answer: false, changes: [update(LaneEntry, entry, { attempts }), ...demanded(fence)] };
    return { answer: true, changes: [...asRejected({ ...entry, attempts }, error, context), ...demanded(fence)] };
  },
};
