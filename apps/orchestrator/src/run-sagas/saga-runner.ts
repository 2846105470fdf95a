import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, Logger, Metrics } from '@backstep/service';
import { PeriodicJobs } from '@backstep/messaging';
import {
  PostgresSagaStore,
  TimerPoller,
  SagaStuck,
  StepAnswered,
  type AnsweredStep,
  type StuckSaga,
} from '@backstep/saga';
import { UnitOfWork } from '@backstep/unit-of-work';
import type { OrchestratorConfig } from '../config.js';
import { SAGAS } from '../sagas.js';
import { SagaMetrics } from './saga-metrics.js';

const PURGE_EVERY_MS = 60_000;
/** Sagas deleted with one statement. */
const PURGE_CHUNK = 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** What sagas need beside their events: timers that fire, ended ones that go, and figures of what they do. */
@Injectable()
export class SagaRunner implements OnModuleInit {
  private readonly timers: TimerPoller;

  constructor(
    @Inject(CONFIG) private readonly config: OrchestratorConfig,
    @Inject(PostgresSagaStore) private readonly store: PostgresSagaStore,
    @Inject(PeriodicJobs) private readonly jobs: PeriodicJobs,
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(SagaMetrics) private readonly sagaMetrics: SagaMetrics,
    @Inject(Logger) private readonly logger: Logger,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
  ) {
    this.timers = new TimerPoller(store, unitOfWork, SAGAS, Date.now, {
      failed: ({ sagaId }, error) =>
        this.logger.error('a saga timer could not be fired; it is put off', { sagaId, error }),
    });
  }

  onModuleInit(): void {
    this.jobs.every(this.config.TIMER_POLL_MS, 'fire saga timers', async () => void (await this.timers.fireDue()));
    this.jobs.every(PURGE_EVERY_MS, 'purge ended sagas', () => this.purge());
    this.unitOfWork.on(StepAnswered, (steps) => steps.forEach((step) => this.measure(step)));
    this.unitOfWork.on(SagaStuck, (sagas) => sagas.forEach((saga) => this.report(saga)));
    this.metrics.onScrape('sagas', async () => {
      this.sagaMetrics.instances.reset();
      for (const { name, definitionVersion, status, count } of await this.store.countUnended()) {
        const state = SAGAS.find({ name, definitionVersion }) ? status : 'UNREGISTERED';
        this.sagaMetrics.instances.inc({ saga: name, state }, count);
      }
    });
  }

  private async purge(): Promise<void> {
    const endedBefore = Date.now() - this.config.SAGA_RETAIN_DAYS * DAY_MS;
    while ((await this.store.purgeEnded(endedBefore, PURGE_CHUNK)) === PURGE_CHUNK);
  }

  private measure({ saga, step, tookMs }: AnsweredStep): void {
    this.sagaMetrics.stepDuration.observe({ saga, step }, tookMs / 1_000);
  }

  private report(saga: StuckSaga): void {
    this.logger.error('a saga is stuck and needs an operator', {
      sagaId: saga.id,
      orderId: saga.subject,
      saga: saga.name,
      step: saga.awaiting.step,
      reason: saga.stuckBecause,
    });
  }
}
