import { Inject, Injectable } from '@nestjs/common';
import { Metrics } from '@backstep/service';

/** How sagas do. */
@Injectable()
export class SagaMetrics {
  readonly instances;
  readonly stepDuration;

  constructor(@Inject(Metrics) metrics: Metrics) {
    this.instances = metrics.gauge('backstep_saga_instances', 'Saga instances by state', ['saga', 'state']);
    this.stepDuration = metrics.histogram('backstep_saga_step_duration_seconds', 'From a command sent to its answer', [
      'saga',
      'step',
    ]);
  }
}
