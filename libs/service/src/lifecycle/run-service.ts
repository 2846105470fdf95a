import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setTimeout as delay } from 'node:timers/promises';
import { type Config, ConfigError, type Declaration, loadConfig } from '../config/config.js';
import { doorsOf } from '../config/doors-config.js';
import { platformConfig, type PlatformConfig } from '../config/platform-config.js';
import type { Doors } from '../http/doors.js';
import { HTTP_LIMITS } from '../http/limits.js';
import { createLogger, type Logger } from '../logging/logger.js';
import { createApp, drain, type PlatformApp } from './create-app.js';
import { serveMetrics } from '../metrics/serve-metrics.js';
import { armFromEnvironment } from './pause-points.js';

/** What {@link runService} runs. */
export interface ServiceOptions<D extends Declaration> {
  /** The service's name in logs, metrics and health. */
  readonly name: string;
  /** The port when PORT is not set. */
  readonly defaultPort: number;
  /** The service's own variables. Those of `platformConfig` are added. */
  readonly config: D;
  readonly module: Type | DynamicModule;
  /** Default `internal`: see `Doors`. */
  readonly access?: Doors['access'];
  /** Runs before the service listens: connect and start a microservice, add a content type. */
  readonly configure?: (app: NestFastifyApplication, config: Config<D> & PlatformConfig) => Promise<void> | void;
}

/**
 * Runs a service's process: checks the configuration, builds the application and listens. On SIGTERM or SIGINT it drains and exits 0, or 1
 * when draining takes longer than SHUTDOWN_GRACE_MS. An uncaught error is logged and ends the process in the same way with 1, because the
 * state of the process is unknown after it.
 */
export async function runService<D extends Declaration>(options: ServiceOptions<D>): Promise<void> {
  const config = loadConfigOrExit(options);
  const logger = createLogger({ service: options.name, level: config.LOG_LEVEL });
  armFromEnvironment(logger);
  try {
    await start(options, config, logger);
  } catch (error) {
    logger.error(startFailure(error, config), { error });
    exit(logger, 1);
  }
}

async function start<D extends Declaration>(
  { name, module, access = 'internal', configure }: ServiceOptions<D>,
  config: Config<D> & PlatformConfig,
  logger: Logger,
): Promise<void> {
  const doors = doorsOf(name, access, config);
  const platform = await createApp({ name, module, config, logger, doors });
  installShutdown(platform, config, logger);
  platform.parts.metrics.collectProcessMetrics();
  await configure?.(platform.app, config);
  await platform.app.listen({ port: config.PORT, host: config.HOST, backlog: HTTP_LIMITS.backlog });
  const url = await platform.app.getUrl();
  if (access === 'public') await serveMetrics(platform.parts, config as { readonly METRICS_PORT?: number }, doors);
  logger.info('listening', { url, startedInMs: Math.round(process.uptime() * 1_000) });
}

/** Makes signals and uncaught errors end the process by a drain with a bound. */
function installShutdown(platform: PlatformApp, config: PlatformConfig, logger: Logger): void {
  const { lifecycle } = platform.parts;
  lifecycle.onStop((exitCode) => void endProcess(platform, config, logger, exitCode));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // Not `once`: Ctrl-C reaches the whole process group, and the starter sends SIGTERM after it. The second signal changes nothing.
    process.on(signal, () => {
      logger.info('draining', { signal });
      lifecycle.begin(`draining on ${signal}`, 0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      logger.error('an error that nobody caught', { event, error });
      lifecycle.fail(event);
    });
  }
}

async function endProcess(
  platform: PlatformApp,
  config: PlatformConfig,
  logger: Logger,
  exitCode: number,
): Promise<void> {
  const graceMs = config.SHUTDOWN_GRACE_MS;
  setTimeout(() => {
    logger.error('not drained in time', { graceMs });
    exit(logger, 1);
  }, graceMs).unref();
  try {
    await delay(config.DRAIN_DELAY_MS);
    await drain(platform, 'draining');
    logger.info('drained');
    exit(logger, exitCode);
  } catch (error) {
    logger.error('draining failed', { error });
    exit(logger, 1);
  }
}

/** Configuration errors are for the person who starts the service: plain lines, no stack, no JSON. */
function loadConfigOrExit<D extends Declaration>({
  name,
  config,
  defaultPort,
  access = 'internal',
}: ServiceOptions<D>): Config<D> & PlatformConfig {
  try {
    const loaded = loadConfig({ ...platformConfig(defaultPort), ...config }) as Config<D> & PlatformConfig;
    // Checked here, too, so that its error is printed as a plain line.
    doorsOf(name, access, loaded);
    return loaded;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.problems.map((problem) => `${name}: ${problem}`).join('\n')}\n`);
    return process.exit(1);
  }
}

function startFailure(error: unknown, { PORT, HOST }: PlatformConfig): string {
  const { code, port = PORT } = error as { readonly code?: unknown; readonly port?: number };
  if (code === 'EADDRINUSE')
    return `port ${port} on ${HOST} is taken; set ${port === PORT ? 'PORT' : 'METRICS_PORT'} to another`;
  return 'the service could not start';
}

function exit(logger: Logger, code: number): never {
  logger.flush();
  process.exit(code);
}
