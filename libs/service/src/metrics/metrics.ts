import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { outcomeWithin } from '../health/within.js';
import type { Logger } from '../logging/logger.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

/** How long a query for a gauge may take before the scrape goes on without it. */
export const COLLECTOR_TIMEOUT_MS = 2_000;

/** How often the event loop's delay is sampled: often enough to see a stall, seldom enough to let an idle process sleep. */
const EVENT_LOOP_SAMPLE_MS = 250;

/** The metrics of a service. A package or an application declares its own metrics beside these. A label has few values, never an id. */
export class Metrics {
  readonly registry = new Registry();

  readonly httpDuration = this.histogram('backstep_http_request_duration_seconds', 'Requests answered', [
    'method',
    'route',
    'status',
  ]);
  readonly collectorFailures = this.counter(
    'backstep_metrics_collector_failures_total',
    'Gauges that could not be read',
    ['collector'],
  );

  private readonly collectors = new Map<string, () => Promise<void>>();
  private scrapeInProgress: Promise<string> | undefined;

  constructor(
    service: string,
    private readonly logger: Logger,
  ) {
    this.registry.setDefaultLabels({ service });
  }

  /** Adds CPU, memory, garbage collection and `nodejs_eventloop_lag_*`. Call it once a process, for one of its services: its observers run until the process ends. */
  collectProcessMetrics(): void {
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLE_MS });
  }

  /**
   * Registers a collector, which sets gauges from a query. It runs at each scrape, never twice at once, and may take `COLLECTOR_TIMEOUT_MS`.
   * When it fails, the scrape goes on, the failure is counted and logged, and its gauges keep their last values.
   */
  onScrape(name: string, collect: () => Promise<void>): void {
    if (this.collectors.has(name)) throw new Error(`a collector named ${name} is already registered`);
    this.collectors.set(name, collect);
  }

  /** The Prometheus text format. Scrapes that overlap share one run. */
  scrape(): Promise<string> {
    this.scrapeInProgress ??= this.collectAll().finally(() => (this.scrapeInProgress = undefined));
    return this.scrapeInProgress;
  }

  private async collectAll(): Promise<string> {
    await Promise.all([...this.collectors].map(([name, collect]) => this.collectOne(name, collect)));
    return this.registry.metrics();
  }

  private async collectOne(name: string, collect: () => Promise<void>): Promise<void> {
    const outcome = await outcomeWithin(COLLECTOR_TIMEOUT_MS, collect);
    if (outcome.ok) return;
    this.collectorFailures.inc({ collector: name });
    this.logger.warn('a metrics collector failed', { collector: name, error: outcome.error });
  }

  histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    buckets: readonly number[] = SECONDS,
  ) {
    return new Histogram<Label>({
      name,
      help,
      labelNames: [...labelNames],
      buckets: [...buckets],
      registers: [this.registry],
    });
  }

  counter<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) {
    return new Counter<Label>({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) {
    return new Gauge<Label>({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }
}
