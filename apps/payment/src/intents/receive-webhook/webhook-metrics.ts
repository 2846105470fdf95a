import type { Metrics } from '@backstep/service';
import type { Counter } from 'prom-client';

/** The metrics of events that the provider has sent. */
export class WebhookMetrics {
  readonly received: Counter<'outcome'>;

  constructor(metrics: Metrics) {
    this.received = metrics.counter(
      'backstep_provider_webhooks_total',
      'Webhooks of the payment provider; outcome is settled, known, duplicate, unknown_payment, ignored, refused (4xx) or failed (5xx)',
      ['outcome'],
    );
  }
}
