import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../logging/logger.js';
import { Metrics } from './metrics.js';

/** Goal: gauges that need a query are read at the scrape, once for scrapes that overlap, and a failing query costs only its own gauge. */
function newMetrics() {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'bakery',
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
  });
  return { metrics: new Metrics('bakery', logger), lines };
}

describe('a scrape', () => {
  it('a scrape has the service as a label, and what the collectors read', async () => {
    const { metrics } = newMetrics();
    const waiting = metrics.gauge('loaves_waiting', 'Loaves that wait for the oven');
    const size = metrics.histogram('batch_loaves', 'Loaves in a batch', ['oven'], [10, 50]);
    metrics.onScrape('oven', async () => void waiting.set(7));
    size.observe({ oven: 'left' }, 40);
    const text = await metrics.scrape();
    expect(text).toContain('loaves_waiting{service="bakery"} 7');
    expect(text).toMatch(/batch_loaves_bucket\{le="50",service="bakery",oven="left"\} 1/);
  });

  it('a scrape goes on without a collector that fails, counts it and logs why', async () => {
    const { metrics, lines } = newMetrics();
    metrics.onScrape('sagas', () => Promise.reject(new Error('the database is away')));
    metrics.gauge('parked', 'Messages that are parked', ['state']).set({ state: 'held' }, 2);
    expect(await metrics.scrape()).toContain('parked{state="held",service="bakery"} 2');
    expect(await metrics.scrape()).toMatch(/backstep_metrics_collector_failures_total\{.*collector="sagas".*\} 2/);
    expect(lines[0]).toContain('the database is away');
  });

  it('a collector runs once for scrapes that overlap', async () => {
    const { metrics } = newMetrics();
    let runs = 0;
    metrics.onScrape('slow', async () => void (runs += 1));
    await Promise.all([metrics.scrape(), metrics.scrape()]);
    expect(runs).toBe(1);
  });
});
