import { pausePoint, pausePointsArmed } from '@backstep/resilience';
import type { UnitOfWork } from '@backstep/unit-of-work';
import type { SagaRegistry } from '../definition/registry.js';
import type { DueSaga } from '../store/stored-saga.js';
import type { PostgresSagaStore } from './postgres-saga-store.js';
import { SagaTimerHandler } from './saga-handlers.js';

/** Timers fired in one turn. */
export const TIMERS_MAX = 500;

export interface TimerObserver {
  /** Firing it failed for a reason of its own (its definition is not registered, say); it is put off. Must not throw. */
  failed?(saga: DueSaga, error: unknown): void;
}

/**
 * Fires what is due. Several instances may fire the same timer: each decides through the unit of work, whose version check lets one
 * of them move the saga; the others read again and find the timer moved.
 *
 * A timer that fails is put off, each time longer: left where it is, it would be read first for ever, and {@link TIMERS_MAX} of
 * them would keep all others from being fired at all.
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
   * @throws what the first failed one threw, after all have been tried. Those that failed for good are put off; those that
   * met a database that is away, or too much work, stay and are fired with the next turn.
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
