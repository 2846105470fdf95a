import { pausePoint, pausePointsArmed } from '@backstep/resilience';
import type { UnitOfWork } from '@backstep/unit-of-work';
import type { SagaRegistry } from '../definition/registry.js';
import type { DueSaga } from '../store/stored-saga.js';
import type { PostgresSagaStore } from './postgres-saga-store.js';
import { SagaTimerHandler } from './saga-handlers.js';

/** Timers that one turn fires at most. */
export const TIMERS_MAX = 500;
/** Pages of {@link TIMERS_MAX} due timers that one turn looks at, most of which may be for other instances. */
const PAGES_MAX = 20;

/** Sees what the timers do; for metrics and logs. */
export interface TimerObserver {
  /** A timer could not be fired for a reason of its saga (its definition is not registered, say) and is put off. Must not throw. */
  failed?(saga: DueSaga, error: unknown): void;
}

/**
 * Fires the due timers of the sagas for whose subjects this instance is responsible: what a timer sends has the saga's subject as its key, so it comes from the
 * process that has sent the saga's other commands. Two instances may fire the same timer, while a subject goes from one to the other or Kafka is away: each decides through
 * the unit of work, whose version check lets one of them move the saga. The other reads again and finds that the timer has moved.
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
    private readonly isOurs: (subject: string) => boolean = () => true,
  ) {
    this.handler = new SagaTimerHandler(registry);
  }

  /**
   * @returns how many timers moved their saga.
   * @throws the error of the first failed timer, after all have been tried. A timer whose error is retryable (the database is away, overload)
   * stays and is fired in the next turn; other failed ones are put off.
   */
  async fireDue(): Promise<number> {
    const due = await this.ourDue();
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

  private async ourDue(): Promise<readonly DueSaga[]> {
    const now = this.now();
    const ours: DueSaga[] = [];
    let after: DueSaga | undefined;
    for (let page = 0; page < PAGES_MAX && ours.length < TIMERS_MAX; page++) {
      const due = await this.store.dueSagas(now, TIMERS_MAX, after);
      ours.push(...due.filter(({ subject }) => this.isOurs(subject)));
      if (due.length < TIMERS_MAX) break;
      after = due.at(-1);
    }
    return ours.slice(0, TIMERS_MAX);
  }
}

const isRetryable = (error: unknown): boolean => (error as { retryable?: unknown } | undefined)?.retryable === true;
