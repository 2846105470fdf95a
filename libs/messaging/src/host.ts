import type { KafkaLogger } from '@backstep/kafka';
import { Logger as NestLogger } from '@nestjs/common';
import { Registry } from 'prom-client';
import type { PeriodicJobs } from './periodic-jobs.js';

/** Tokens of what messaging uses, for modules that build on it. */
export const MESSAGING_LOGGER = Symbol('backstep:messaging-logger');
export const MESSAGING_METRICS = Symbol('backstep:messaging-metrics');

/** Where lines of the log go. `fields` carry ids by fixed names: `subject`, `sagaId`, `messageId`, `traceId`. */
export type MessagingLogger = KafkaLogger;

/** Where metrics are registered. */
export interface MetricsHost {
  readonly registry: Registry;
  /** Registers what sets gauges from a query, to run at each scrape. Left out, gauges are set every `GAUGES_EVERY_MS`. */
  onScrape?(name: string, collect: () => Promise<void>): void;
}

/** The same, whatever the application says: what sets gauges can always be registered. */
export type Gauges = Required<MetricsHost>;

export interface HealthResult {
  readonly status: 'ok' | 'down';
  readonly detail?: string;
}

/** Where readiness is asked for. Throwing means down. */
export interface HealthHost {
  register(name: string, check: () => Promise<void | HealthResult> | void | HealthResult): void;
}

/** The life of the process, as far as messaging needs to know of it. */
export interface LifecycleHost {
  /** Aborted when the process begins to end: periodic work is not begun any more. */
  readonly draining: AbortSignal;
  /** Ends the process, because its consumer is dead for good: a supervisor starts another. */
  fail(reason: string): void;
}

/** What messaging takes from the application that it is put into. Everything that is left out has a default. */
export interface MessagingHost {
  /** Default: Nest's own logger. */
  readonly logger?: MessagingLogger;
  /** Default: a registry of its own, which nobody scrapes. */
  readonly metrics?: MetricsHost;
  /** Default: nowhere; `Messaging.checks` says the same. */
  readonly health?: HealthHost;
  /** Default: exit code 1 and SIGTERM to this process, which an application with `enableShutdownHooks()` ends in order on. */
  readonly lifecycle?: LifecycleHost;
}

/** Nest's own logger, with the fields behind the message. Debug lines are left out: Nest prints them by default, and kafkajs has many. */
export function nestLogger(context = 'Messaging'): MessagingLogger {
  const logger = new NestLogger(context);
  const told = (message: string, fields?: Readonly<Record<string, unknown>>): [unknown] =>
    fields === undefined ? [message] : [{ message, ...fields }];
  return {
    debug: () => undefined,
    info: (message, fields) => logger.log(...told(message, fields)),
    warn: (message, fields) => logger.warn(...told(message, fields)),
    error: (message, fields) => logger.error(...told(message, fields)),
  };
}

/** How often gauges are set where nobody says when they are scraped, milliseconds. */
const GAUGES_EVERY_MS = 15_000;

/** @param host default: a registry of its own, which nobody scrapes */
export function gaugesOf(host: MetricsHost | undefined, jobs: Pick<PeriodicJobs, 'every'>): Gauges {
  const { registry } = host ?? { registry: new Registry() };
  return {
    registry,
    onScrape: (name, collect) =>
      host?.onScrape ? host.onScrape(name, collect) : jobs.every(GAUGES_EVERY_MS, `set the gauges of ${name}`, collect),
  };
}

/** The process as the life of an application that says nothing of it. */
export class ProcessLifecycle implements LifecycleHost {
  private readonly end = new AbortController();

  get draining(): AbortSignal {
    return this.end.signal;
  }

  begin(): void {
    this.end.abort();
  }

  fail(): void {
    this.begin();
    process.exitCode = 1;
    process.kill(process.pid, 'SIGTERM');
  }
}
