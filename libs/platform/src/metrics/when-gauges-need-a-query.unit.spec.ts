import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../logging/logger.js';
import { Metrics } from './metrics.js';

/** Goal: gauges that need a query are read at the scrape, once for all who ask at once, and a failing query costs only its gauge. */
function newMetrics() {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'order',
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
  });
  return { metrics: new Metrics('order', logger), lines };
}

describe('a scrape', () => {
  it('has the service as a label, and what the collectors read', async () => {
    const { metrics } = newMetrics();
    metrics.onScrape('outbox', async () => {
      metrics.outboxUnpublished.set(7);
      metrics.outboxOldestAge.set(1.5);
    });
    metrics.batchSize.observe({ consumer: 'order.commands' }, 40);
    const text = await metrics.scrape();
    expect(text).toContain('backstep_outbox_unpublished{service="order"} 7');
    expect(text).toContain('backstep_outbox_oldest_age_seconds{service="order"} 1.5');
    expect(text).toMatch(/backstep_batch_messages_bucket\{le="50",service="order",consumer="order.commands"\} 1/);
  });

  it('goes on without a collector that fails, counts it and logs why', async () => {
    const { metrics, lines } = newMetrics();
    metrics.onScrape('sagas', () => Promise.reject(new Error('the database is away')));
    metrics.parked.set({ state: 'parked' }, 2);
    expect(await metrics.scrape()).toContain('backstep_parked_messages{state="parked",service="order"} 2');
    expect(await metrics.scrape()).toMatch(/backstep_metrics_collector_failures_total\{.*collector="sagas".*\} 2/);
    expect(lines[0]).toContain('the database is away');
  });

  it('runs a collector once for all who ask at the same time', async () => {
    const { metrics } = newMetrics();
    let runs = 0;
    metrics.onScrape('slow', async () => void (runs += 1));
    await Promise.all([metrics.scrape(), metrics.scrape()]);
    expect(runs).toBe(1);
  });
});
