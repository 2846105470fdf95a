import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../logging/logger.js';
import { drain, type PlatformApp } from './create-app.js';

/** Limits of the end of a process. */
interface EndBounds {
  /** How long draining may take before the process exits 1 all the same, milliseconds. */
  readonly graceMs: number;
  /** How long requests are still accepted, milliseconds. */
  readonly drainDelayMs: number;
}

interface Ending extends PlatformApp {
  /** True: other services of the process answer its requests, so it is drained before them. */
  readonly isFront: boolean;
}

/**
 * Makes signals, uncaught errors and each service's `Lifecycle` end the process by a drain with a bound. Whoever begins the end begins it
 * for all services.
 */
export function endsTogether(services: readonly Ending[], bounds: EndBounds, logger: Logger): void {
  const lifecycles = services.map(({ parts }) => parts.lifecycle);
  let begun = false;
  const begin = (reason: string, exitCode: number): void => {
    if (begun) return;
    begun = true;
    for (const lifecycle of lifecycles) lifecycle.begin(reason, exitCode);
    void endProcess(services, bounds, logger, exitCode);
  };
  for (const lifecycle of lifecycles) lifecycle.onStop(begin);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // Not `once`: Ctrl-C reaches the whole process group, and the starter sends SIGTERM after it. The second signal changes nothing.
    process.on(signal, () => {
      logger.info('draining', { signal });
      begin(`draining on ${signal}`, 0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      logger.error('an error that nobody caught', { event, error });
      begin(event, 1);
    });
  }
}

async function endProcess(
  services: readonly Ending[],
  { graceMs, drainDelayMs }: EndBounds,
  logger: Logger,
  exitCode: number,
): Promise<void> {
  setTimeout(() => {
    logger.error('not drained in time', { graceMs });
    exit(logger, 1);
  }, graceMs).unref();
  try {
    await delay(drainDelayMs);
    for (const front of [true, false]) await drainAll(services.filter(({ isFront }) => isFront === front));
    logger.info('drained');
    exit(logger, exitCode);
  } catch (error) {
    logger.error('draining failed', { error });
    exit(logger, 1);
  }
}

/** Waits for all before it throws: one that fails to drain takes no time from the others. */
async function drainAll(services: readonly PlatformApp[]): Promise<void> {
  const ends = await Promise.allSettled(services.map((one) => drain(one, 'draining')));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Ends the process with its last log lines written. */
export function exit(logger: Logger, code: number): never {
  logger.flush();
  process.exit(code);
}
