import type { UnitOfWork } from '@backstep/unit-of-work';
import type { SagaRegistry } from '../definition/registry.js';
import type { SagaStore } from '../store/saga-store.js';
import { SagaTimerHandler } from './saga-handlers.js';

/** Timers fired in one turn. */
export const TIMERS_MAX = 500;

/**
 * Fires what is due. Several instances may fire the same timer: each decides through the unit of work, whose version check lets one
 * of them move the saga; the others read again and find the timer moved.
 */
export class TimerPoller {
  private readonly handler: SagaTimerHandler;

  constructor(
    private readonly store: Pick<SagaStore, 'dueTimers'>,
    private readonly unitOfWork: UnitOfWork,
    registry: SagaRegistry,
    private readonly now: () => number = Date.now,
  ) {
    this.handler = new SagaTimerHandler(registry);
  }

  /**
   * @returns how many timers moved their saga.
   * @throws what the first failed one threw, after all have been tried; its timer stays and is fired again.
   */
  async fireDue(): Promise<number> {
    const due = await this.store.dueTimers(this.now(), TIMERS_MAX);
    const outcomes = await Promise.allSettled(due.map((timer) => this.unitOfWork.request(this.handler, timer)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    return outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length;
  }
}
