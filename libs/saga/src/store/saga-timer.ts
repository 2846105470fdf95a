import { timersOf } from '../decide/decision.js';
import type { Instant, SagaInstance } from '../decide/instance.js';

/** The one timer of a saga's row. */
export interface SagaTimer {
  /** When the timer fires if nothing else happens before; null: no timer is set. */
  readonly timerAt: Instant | null;
  /** How often firing failed since the timer was set: see `TIMER_RETRY`. */
  readonly failures: number;
}

/** When the first of the instance's timers is due. */
export function firstDueAt(instance: SagaInstance): Instant | null {
  const { step = Infinity, deadline = Infinity } = timersOf(instance);
  const dueAt = Math.min(step, deadline);
  return Number.isFinite(dueAt) ? dueAt : null;
}

/**
 * The timer of a saga that has just moved. It may fire early, never late: a timer that is set to before `firstDueAt` stays as it is, and the
 * poller resets it when it finds nothing due. So a saga whose commands are all answered in time sets its timer once, and its moves touch
 * no index.
 */
export function timerFor(instance: SagaInstance, before?: SagaTimer): SagaTimer {
  const timerAt = firstDueAt(instance);
  const set = before?.failures === 0 ? before.timerAt : null;
  if (timerAt !== null && set !== null && set <= timerAt && set > instance.updatedAt)
    return { timerAt: set, failures: 0 };
  return { timerAt, failures: 0 };
}
