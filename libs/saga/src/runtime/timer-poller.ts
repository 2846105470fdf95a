import { pausePoint, pausePointsArmed } from '@backstep/resilience';
import type { UnitOfWork } from '@backstep/unit-of-work';
import type { SagaRegistry } from '../definition/registry.js';
import type { DueSaga } from '../store/stored-saga.js';
import type { PostgresSagaStore } from './postgres-saga-store.js';
import { SagaTimerHandler } from './saga-handlers.js';

/** Timers that one turn fires at most. */
export const TIMERS_MAX = 500;

/** Sees what the timers do; for metrics and logs. */
export interface TimerObserver {
  /** A timer could not be fired for a reason of its saga (its definition is not registered, say) and is put off. Must not throw. */
  failed?(saga: DueSaga, error: unknown): void;
}

/**
 * Fires due timers. Several instances may fire the same timer: each decides through the unit of work, whose version check lets one of them
 * move the saga. The others read again and find that the timer has moved.
 *
 * A timer that fails is put off, each time longer. Otherwise it would be read first for ever, and `TIMERS_MAX` of them would block
 * all others.
 */
export class TimerPoller {
  private readonly handler: SagaTimerHandler;

  constructor(
    private readonly store: Pick<PostgresSagaStore, 'dueSagas' | 'defer'>,
    private readonly unitOfWork: UnitOfWork,
    registry: SagaRegistry,
    private readonly now: () => number = Date.now,
    private readonly observer: TimerObserver = {},
  ) {
    this.handler = new SagaTimerHandler(registry);
  }

  /**
   * @returns how many timers moved their saga.
   * @throws the error of the first failed timer, after all have been tried. A timer whose error is retryable (the database is away, overload)
   * stays and is fired in the next turn; other failed ones are put off.
   */
  async fireDue(): Promise<number> {
    const due = await this.store.dueSagas(this.now(), TIMERS_MAX);
    if (due.length > 0 && pausePointsArmed()) await pausePoint('timer.before-commit');
    const outcomes = await Promise.allSettled(due.map((saga) => this.unitOfWork.request(this.handler, saga)));
    const failed: DueSaga[] = [];
    for (const [at, saga] of due.entries()) {
      const outcome = outcomes[at];
      if (outcome?.status !== 'rejected' || isRetryable(outcome.reason)) continue;
      failed.push(saga);
      this.observer.failed?.(saga, outcome.reason);
    }
    if (failed.length > 0) await this.store.defer(failed, this.now());
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    return outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length;
  }
}

const isRetryable = (error: unknown): boolean => (error as { retryable?: unknown } | undefined)?.retryable === true;
