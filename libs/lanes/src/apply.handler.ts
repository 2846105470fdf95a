import {
  afterCommit,
  decideRequest,
  many,
  update,
  type Change,
  type DecideContext,
  type Decision,
  type LoadedNeeds,
  type Needs,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { EntrySettled } from './effects.js';
import { AnswerNotStorableError } from './errors.js';
import { LaneEntry } from './lane-entry.entity.js';
import { rejectionOf } from './rejection.js';
import { asStored, isStored } from './storable-json.js';

/** An entry that is to be applied. */
export interface Applicable {
  readonly key: string;
  readonly input: unknown;
  /** Keys of the entries before it that name the same rows: it is applied when they are settled. */
  readonly behind: readonly string[];
  /** Of who applies it: see `Ownership`. */
  readonly fence?: Change | undefined;
}

/** `settled`: it is now, or was already. `waits`: one before it is queued still, so nothing was done. */
export type Applied = 'settled' | 'waits';

/** The name under which a decision gets the entries, beside what its handler needs. No handler gives a need such a name. */
const ENTRIES = 'backstep:entries';

type Entries = { readonly [ENTRIES]: ReadonlyMap<string, LaneEntry> };

/**
 * Applies an entry with the handler of its lane. The changes of the handler and the state of the entry are written together, and the entry's
 * version is checked like that of any row: so an entry is applied once, whoever tries it, and however often.
 *
 * The order is kept here too: an entry waits while one before it that names the same rows is queued. A settled entry stays settled, so what
 * was read of it is true at the commit.
 */
export class ApplyHandler<I, A> implements RequestHandler<Applicable, Applied> {
  constructor(
    private readonly handler: RequestHandler<I, A>,
    private readonly jsonBytesMax: number,
  ) {}

  needs({ key, input, behind }: Applicable): Needs {
    const entries = many(LaneEntry, [key, ...behind]);
    try {
      return Object.assign({ [ENTRIES]: entries }, this.handler.needs(input as I));
    } catch {
      // It throws again in `decide`, and the entry is rejected.
      return { [ENTRIES]: entries };
    }
  }

  decide(
    { key, input, behind, fence }: Applicable,
    state: LoadedNeeds<Needs>,
    context: DecideContext,
  ): Decision<Applied> {
    const { [ENTRIES]: entries } = state as unknown as Entries;
    const entry = entries.get(key);
    if (entry?.state !== 'QUEUED') return { answer: 'settled', changes: [] };
    if (behind.some((before) => entries.get(before)?.state === 'QUEUED')) return { answer: 'waits', changes: [] };
    try {
      const decided = decideRequest(this.handler, input as I, this.handler.needs(input as I), state, context);
      const stored = asStored(decided.answer, this.jsonBytesMax);
      if (!isStored(stored)) throw new AnswerNotStorableError(stored);
      const changes = [...decided.changes, ...asApplied(entry, stored.json, context), ...demanded(fence)];
      return { answer: 'settled', changes, ...(decided.edited && { edited: decided.edited }) };
    } catch (error) {
      return { answer: 'settled', changes: [...asRejected(entry, error, context), ...demanded(fence)] };
    }
  }
}

/** What a decision that changes rows demands of its owner. */
export const demanded = (fence: Change | undefined): readonly Change[] => (fence ? [fence] : []);

function asApplied(entry: LaneEntry, answer: unknown, { now }: DecideContext): Change[] {
  const { lane, key } = entry;
  return [
    update(LaneEntry, entry, { state: 'APPLIED', answer, settledAt: new Date(now) }),
    afterCommit(EntrySettled, { lane, key, state: 'APPLIED', error: undefined }),
  ];
}

/** @param error what the handler threw, or why its decision could not be written */
export function asRejected(entry: LaneEntry, error: unknown, { now }: DecideContext): Change[] {
  const { lane, key } = entry;
  return [
    update(LaneEntry, entry, { state: 'REJECTED', ...rejectionOf(error), settledAt: new Date(now) }),
    afterCommit(EntrySettled, { lane, key, state: 'REJECTED', error }),
  ];
}
