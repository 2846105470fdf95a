import { effect } from '@backstep/unit-of-work';
import type { EntryState } from './lane-entry.entity.js';

/** An entry was enqueued by this process. */
export const EntryQueued = effect<{ readonly lane: string }>('lane-entry-queued');

/** An entry that this process has settled. */
export interface SettledEntry {
  readonly lane: string;
  readonly key: string;
  readonly state: Exclude<EntryState, 'QUEUED'>;
  /** What the handler threw, where the entry is rejected. */
  readonly error: unknown;
}

/** Follows the commit that applies or rejects an entry. */
export const EntrySettled = effect<SettledEntry>('lane-entry-settled');
