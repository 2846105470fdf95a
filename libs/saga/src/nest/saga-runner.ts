import {
  MESSAGING_LOGGER,
  MESSAGING_METRICS,
  PeriodicJobs,
  type MessagingLogger,
  type Gauges,
} from '@backstep/messaging';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { SagaRegistry } from '../definition/registry.js';
import { PostgresSagaStore } from '../runtime/postgres-saga-store.js';
import type { StuckSaga } from '../decide/instance.js';
import { SagaStuck, StepAnswered, type AnsweredStep } from '../runtime/saga-effects.js';
import { TimerPoller, type TimerObserver } from '../runtime/timer-poller.js';
import { SagaMetrics } from './saga-metrics.js';
import { DEFAULT_RETAIN_DAYS, DEFAULT_TIMER_POLL_MS, type SagaSettings } from './saga-options.js';
import { REGISTRY, SETTINGS, SUBJECT_FIELD } from './tokens.js';

const PURGE_EVERY_MS = 60_000;
/** Sagas that one statement deletes. */
const PURGE_CHUNK = 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Fires the timers of sagas, purges ended ones, and measures them. */
@Injectable()
export class SagaRunner implements OnModuleInit {
  private readonly timers: TimerPoller;

  constructor(
    @Inject(REGISTRY) private readonly registry: SagaRegistry,
    @Inject(SETTINGS) private readonly settings: SagaSettings,
    @Inject(SUBJECT_FIELD) private readonly subjectField: string,
    @Inject(PostgresSagaStore) private readonly store: PostgresSagaStore,
    @Inject(PeriodicJobs) private readonly jobs: PeriodicJobs,
    @Inject(MESSAGING_METRICS) private readonly gauges: Gauges,
    @Inject(SagaMetrics) private readonly metrics: SagaMetrics,
    @Inject(MESSAGING_LOGGER) private readonly logger: MessagingLogger,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
  ) {
    const observer: TimerObserver = {
      failed: ({ sagaId }, error) =>
        this.logger.error('a saga timer could not be fired; it is put off', { sagaId, error }),
    };
    const isOurs = (subject: string): boolean => unitOfWork.isResponsibleFor(subject);
    this.timers = new TimerPoller(store, unitOfWork, registry, Date.now, observer, isOurs);
  }

  onModuleInit(): void {
    const { timerPollMs = DEFAULT_TIMER_POLL_MS } = this.settings;
    this.jobs.every(timerPollMs, 'fire saga timers', async () => void (await this.timers.fireDue()));
    this.jobs.every(PURGE_EVERY_MS, 'purge ended sagas', () => this.purge());
    this.unitOfWork.on(StepAnswered, (steps) => steps.forEach((step) => this.measure(step)));
    this.unitOfWork.on(SagaStuck, (sagas) => sagas.forEach((saga) => this.report(saga)));
    this.gauges.onScrape('sagas', () => this.count());
  }

  private async count(): Promise<void> {
    const counts = await this.store.countUnended();
    this.metrics.instances.reset();
    for (const { name, definitionVersion, status, count } of counts) {
      const state = this.registry.find({ name, definitionVersion }) ? status : 'UNREGISTERED';
      this.metrics.instances.inc({ saga: name, state }, count);
    }
  }

  private async purge(): Promise<void> {
    const endedBefore = Date.now() - (this.settings.retainDays ?? DEFAULT_RETAIN_DAYS) * DAY_MS;
    while ((await this.store.purgeEnded(endedBefore, PURGE_CHUNK)) === PURGE_CHUNK);
  }

  private measure({ saga, step, tookMs }: AnsweredStep): void {
    this.metrics.stepDuration.observe({ saga, step }, tookMs / 1_000);
  }

  private report(saga: StuckSaga): void {
    this.logger.error('a saga is stuck and needs an operator', {
      sagaId: saga.id,
      [this.subjectField]: saga.subject,
      saga: saga.name,
      step: saga.awaiting.step,
      reason: saga.stuckBecause,
    });
  }
}
