import { MESSAGING_METRICS, type Gauges } from '@backstep/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { Gauge, Histogram } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The metrics of sagas. */
@Injectable()
export class SagaMetrics {
  readonly instances: Gauge<'saga' | 'state'>;
  readonly stepDuration: Histogram<'saga' | 'step'>;

  constructor(@Inject(MESSAGING_METRICS) { registry }: Gauges) {
    const registers = [registry];
    this.instances = new Gauge({
      name: 'backstep_saga_instances',
      help: 'Saga instances by state',
      labelNames: ['saga', 'state'],
      registers,
    });
    this.stepDuration = new Histogram({
      name: 'backstep_saga_step_duration_seconds',
      help: 'From a command sent to its answer',
      labelNames: ['saga', 'step'],
      buckets: SECONDS,
      registers,
    });
  }
}
