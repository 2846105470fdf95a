import type { KafkaLogger } from '@backstep/kafka';
import { Logger as NestLogger } from '@nestjs/common';
import { Registry } from 'prom-client';
import type { PeriodicJobs } from './periodic-jobs.js';

/** Injection tokens of what messaging uses, for modules that build on it. */
export const MESSAGING_LOGGER = Symbol('backstep:messaging-logger');
/** Token of the {@link Gauges}. */
export const MESSAGING_METRICS = Symbol('backstep:messaging-metrics');

/** Takes log lines. `fields` carry ids under fixed names: `subject`, `sagaId`, `messageId`, `traceId`. */
export type MessagingLogger = KafkaLogger;

/** Where messaging registers its metrics. */
export interface MetricsHost {
  readonly registry: Registry;
  /** Registers a function that sets gauges from a query, to run at each scrape. Without it, gauges are set every `GAUGES_EVERY_MS`. */
  onScrape?(name: string, collect: () => Promise<void>): void;
}

/** The metrics of the application, with an `onScrape` in any case. */
export type Gauges = Required<MetricsHost>;

/** What a readiness check found. */
export interface HealthResult {
  readonly status: 'ok' | 'down';
  readonly detail?: string;
}

/** Where messaging registers its readiness checks. A check that throws is down. */
export interface HealthHost {
  register(name: string, check: () => Promise<void | HealthResult> | void | HealthResult): void;
}

/** The lifecycle of the process, as far as messaging needs it. */
export interface LifecycleHost {
  /** Aborted when the process begins to stop: no periodic work is begun after that. */
  readonly draining: AbortSignal;
  /** Ends the process because its consumer cannot recover; a supervisor starts another. */
  fail(reason: string): void;
}

/** What messaging takes from its application. Every member has a default. */
export interface MessagingHost {
  /** Default: Nest's own logger. */
  readonly logger?: MessagingLogger;
  /** Default: a registry of its own, which is not scraped. */
  readonly metrics?: MetricsHost;
  /** Default: none; `Messaging.checks` has the same checks. */
  readonly health?: HealthHost;
  /** Default: exit code 1 and SIGTERM to this process; an application with `enableShutdownHooks()` then stops in order. */
  readonly lifecycle?: LifecycleHost;
}

/** Nest's own logger, with the fields after the message. Without debug lines: Nest prints them by default, and kafkajs has many. */
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

/** How often gauges are set in an application without `onScrape`, milliseconds. */
const GAUGES_EVERY_MS = 15_000;

/**
 * The place where gauges are registered, whatever the application has given.
 * @param host default: a registry of its own, which is not scraped
 */
export function gaugesOf(host: MetricsHost | undefined, jobs: Pick<PeriodicJobs, 'every'>): Gauges {
  const { registry } = host ?? { registry: new Registry() };
  return {
    registry,
    onScrape: (name, collect) =>
      host?.onScrape ? host.onScrape(name, collect) : jobs.every(GAUGES_EVERY_MS, `set the gauges of ${name}`, collect),
  };
}

/** The lifecycle of an application that brings none: the process's own. */
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
