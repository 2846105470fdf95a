import { isDeepStrictEqual } from 'node:util';
import {
  afterCommit,
  insert,
  one,
  type DecideContext,
  type LoadedNeeds,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { EntryQueued } from './effects.js';
import { otherInput } from './errors.js';
import { entryKey, LaneEntry } from './lane-entry.entity.js';

/** An input that is to be queued. */
export interface ToEnqueue {
  readonly lane: string;
  readonly id: string;
  /** As JSON gives it back. */
  readonly input: unknown;
}

const needs = ({ lane, id }: ToEnqueue) => ({ entry: one(LaneEntry, entryKey(lane, id)) });

/** Stores an entry. One with this id that is there already is answered as it is, if its input is the same. */
export const enqueue: RequestHandler<ToEnqueue, LaneEntry, ReturnType<typeof needs>> = {
  needs,
  decide({ lane, id, input }: ToEnqueue, { entry }: LoadedNeeds<ReturnType<typeof needs>>, { now }: DecideContext) {
    if (entry) {
      if (!isDeepStrictEqual(entry.input, input)) throw otherInput(lane, id);
      return { answer: entry, changes: [] };
    }
    const queued = insert(LaneEntry, {
      key: entryKey(lane, id),
      lane,
      state: 'QUEUED',
      input,
      answer: null,
      problem: null,
      cause: null,
      attempts: 0,
      queuedAt: new Date(now),
      settledAt: null,
    });
    return { answer: queued.row, changes: [queued, afterCommit(EntryQueued, { lane })] };
  },
};
