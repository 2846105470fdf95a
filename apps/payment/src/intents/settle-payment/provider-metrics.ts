import type { Executor } from '@backstep/concurrency';
import type { Metrics } from '@backstep/service';
import { Gauge, Histogram } from 'prom-client';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const PENDING_STATUSES = ['CHARGE_REQUESTED', 'REFUND_REQUESTED'] as const;

/** The metrics of calls to the provider and of payments that wait for one. */
export class ProviderMetrics {
  readonly callDuration: Histogram<'call' | 'outcome'>;
  private readonly pending: Gauge<'status'>;
  private readonly oldestAge: Gauge<'status'>;

  constructor({ registry }: Metrics) {
    const registers = [registry];
    this.callDuration = new Histogram({
      name: 'backstep_provider_call_duration_seconds',
      help: 'Calls to the payment provider; outcome is captured, refused, refunded, unknown or unexpected (an answer to something else)',
      labelNames: ['call', 'outcome'],
      buckets: SECONDS,
      registers,
    });
    this.pending = new Gauge({
      name: 'backstep_payments_pending',
      help: 'Payments whose outcome the provider has yet to tell',
      labelNames: ['status'],
      registers,
    });
    this.oldestAge = new Gauge({
      name: 'backstep_payments_pending_oldest_age_seconds',
      help: 'Since when the oldest of them waits; a charge, or a refund of a part of one, is left to a person after 23 hours',
      labelNames: ['status'],
      registers,
    });
  }

  /** Sets the gauges; called at each scrape. */
  async collect(executor: Executor): Promise<void> {
    const { rows } = await executor.query(
      `SELECT status, count(*)::int AS pending,
         extract(epoch FROM now() - min(coalesce(to_timestamp((state ->> 'since')::float8 / 1000), created_at)))::float8 AS age
       FROM payment_intent
       WHERE status IN ('CHARGE_REQUESTED', 'REFUND_REQUESTED') GROUP BY status`,
      [],
    );
    const found = new Map((rows as { status: string; pending: number; age: number }[]).map((row) => [row.status, row]));
    for (const status of PENDING_STATUSES) {
      this.pending.set({ status }, found.get(status)?.pending ?? 0);
      this.oldestAge.set({ status }, found.get(status)?.age ?? 0);
    }
  }
}
