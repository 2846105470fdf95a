import {
  MESSAGING_LOGGER,
  MESSAGING_METRICS,
  PeriodicJobs,
  type Gauges,
  type MessagingLogger,
} from '@backstep/messaging';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { EntrySettled, type SettledEntry } from '../effects.js';
import type { Lane } from '../lane.js';
import type { LaneDefinition } from '../lane-definition.js';
import { isRefusal } from '../rejection.js';
import { LanesMetrics } from './lanes-metrics.js';
import { DEFINITIONS, LANES } from './tokens.js';

const PURGE_EVERY_MS = 60_000;

/** Runs the workers of all lanes, purges settled entries, and measures them. */
@Injectable()
export class LanesRunner implements OnModuleInit, BeforeApplicationShutdown {
  constructor(
    @Inject(DEFINITIONS) private readonly definitions: readonly LaneDefinition[],
    @Inject(LANES) private readonly lanes: readonly Lane[],
    @Inject(PeriodicJobs) private readonly jobs: PeriodicJobs,
    @Inject(MESSAGING_METRICS) private readonly gauges: Gauges,
    @Inject(LanesMetrics) private readonly metrics: LanesMetrics,
    @Inject(MESSAGING_LOGGER) private readonly logger: MessagingLogger,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.unitOfWork.on(EntrySettled, (entries) => entries.forEach((entry) => this.settled(entry)));
    for (const [at, lane] of this.lanes.entries()) {
      const { pollMs } = this.definitions[at]?.limits ?? { pollMs: 1_000 };
      const work = `apply the entries of the lane ${lane.name}`;
      lane.wakeOnEnqueue((error) => this.logger.warn(`could not ${work}`, { error }));
      this.jobs.every(pollMs, work, () => lane.worker.poll());
      this.jobs.every(PURGE_EVERY_MS, `purge the lane ${lane.name}`, () => lane.purge());
      this.gauges.onScrape(`the lane ${lane.name}`, () => this.measure(lane));
    }
  }

  /** What was begun is committed; what waits is applied by another instance, or after the start. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.lanes.map(({ worker }) => worker.stop()));
  }

  private async measure(lane: Lane): Promise<void> {
    const { queued, oldestAgeMs } = await lane.waiting();
    this.metrics.queued.set({ lane: lane.name }, queued);
    this.metrics.oldestAge.set({ lane: lane.name }, oldestAgeMs / 1_000);
  }

  private settled({ lane, key, state, error }: SettledEntry): void {
    this.metrics.settled.inc({ lane, state });
    if (state === 'REJECTED' && !isRefusal(error)) {
      this.logger.error('an entry of a lane is rejected because of a fault', { lane, entry: key, error });
    }
  }
}
