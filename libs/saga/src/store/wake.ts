import { timersOf } from '../decide/decision.js';
import type { Instant, SagaInstance } from '../decide/instance.js';

/** A saga's alarm. */
export interface Wake {
  /** When it is looked at if nothing else happens; null: it waits for nothing that a clock could bring. */
  readonly wakeAt: Instant | null;
  /** How often firing failed since it was set: see `TIMER_RETRY`. */
  readonly failures: number;
}

/** When the first of its timers is due. */
export function dueAtOf(instance: SagaInstance): Instant | null {
  const { step = Infinity, deadline = Infinity } = timersOf(instance);
  const dueAt = Math.min(step, deadline);
  return Number.isFinite(dueAt) ? dueAt : null;
}

/**
 * The alarm of a saga that has just moved. It may ring early, never late: while it is set for a moment before the first timer is due, it
 * stays as it is, and whoever is woken by it sees that nothing is due and sets it anew. So a saga that meets with no silence, as nearly
 * all, sets it once, and moves on without touching an index.
 */
export function wakeFor(instance: SagaInstance, before?: Wake): Wake {
  const wakeAt = dueAtOf(instance);
  const set = before?.failures === 0 ? before.wakeAt : null;
  if (wakeAt !== null && set !== null && set <= wakeAt && set > instance.updatedAt) return { wakeAt: set, failures: 0 };
  return { wakeAt, failures: 0 };
}
