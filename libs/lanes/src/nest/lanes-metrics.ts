import { MESSAGING_METRICS, type Gauges } from '@backstep/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';

/** The metrics of lanes. Labels have few values: never an entry's id. */
@Injectable()
export class LanesMetrics {
  readonly queued: Gauge<'lane'>;
  readonly oldestAge: Gauge<'lane'>;
  readonly settled: Counter<'lane' | 'state'>;
  readonly failed: Counter<'lane'>;

  constructor(@Inject(MESSAGING_METRICS) { registry }: Gauges) {
    const registers = [registry];
    const labelNames = ['lane'] as const;
    this.queued = new Gauge({ name: 'backstep_lane_queued', help: 'Entries that wait', labelNames, registers });
    this.oldestAge = new Gauge({
      name: 'backstep_lane_oldest_age_seconds',
      help: 'Age of the oldest entry that waits',
      labelNames,
      registers,
    });
    this.settled = new Counter({
      name: 'backstep_lane_settled_total',
      help: 'Entries that were applied or rejected',
      labelNames: ['lane', 'state'],
      registers,
    });
    this.failed = new Counter({
      name: 'backstep_lane_attempts_failed_total',
      help: 'Attempts to apply an entry that failed, for other reasons than a refusal of its handler',
      labelNames,
      registers,
    });
  }
}
