import { type Declaration, loadConfig } from '../config/config.js';
import { configsOrExit } from '../config/config-or-exit.js';
import { doorsOf } from '../config/doors-config.js';
import { LOG_LEVELS, type LogLevel, platformConfig, type PlatformConfig } from '../config/platform-config.js';
import { HTTP_LIMITS } from '../http/limits.js';
import { createLogger, type Logger, standardOutput } from '../logging/logger.js';
import { serveMetrics } from '../metrics/serve-metrics.js';
import { createApp, type PlatformApp } from './create-app.js';
import { armFromEnvironment } from './pause-points.js';
import type { SharedValue } from './platform.module.js';
import { endsTogether, exit } from './process-end.js';
import type { ServiceOptions } from './service-options.js';

/** A service, and what its variables begin with in this process. */
interface Wanted {
  readonly options: ServiceOptions;
  readonly prefix: string;
}

interface Configured extends Wanted {
  readonly config: PlatformConfig;
}

interface Running extends Configured {
  readonly logger: Logger;
  readonly platform: PlatformApp;
}

interface ProcessOptions {
  /** Of the lines that are no service's. */
  readonly name: string;
  readonly services: readonly Wanted[];
  readonly shared?: readonly SharedValue[];
}

/** Runs services in this process until it ends: see `runServices`. A service that cannot start ends the process with exit code 1. */
export async function runProcess({ name, services, shared = [] }: ProcessOptions): Promise<void> {
  const configured = configuredOrExit(services);
  const configs = configured.map(({ config }) => config);
  // One for all: two writers of one pipe would cut each other's lines.
  const destination = standardOutput();
  const processLogger = createLogger({ service: name, level: mostTalkative(configs), destination });
  armFromEnvironment(processLogger);

  const create = async (one: Configured): Promise<Running> => {
    const { options, config } = one;
    const logger = createLogger({ service: options.name, level: config.LOG_LEVEL, destination });
    const doors = doorsOf(options.name, options.access ?? 'internal', config);
    const module = options.moduleOf?.(config) ?? options.module;
    const app = { name: options.name, module, config, logger, doors, shared, processLogger };
    const platform = await orExit(one, logger, () => createApp(app));
    return { ...one, logger, platform };
  };
  const running = await Promise.all(configured.map(create));
  const grace = configs.map(({ SHUTDOWN_GRACE_MS }) => SHUTDOWN_GRACE_MS);
  const drainDelay = configs.map(({ DRAIN_DELAY_MS }) => DRAIN_DELAY_MS);
  const bounds = { graceMs: Math.max(...grace), drainDelayMs: Math.max(...drainDelay) };
  endsTogether(
    running.map(({ options, platform }) => ({ ...platform, isFront: options.access === 'public' })),
    bounds,
    processLogger,
  );
  running[0]?.platform.parts.metrics.collectProcessMetrics();
  await Promise.all(running.map((one) => orExit(one, one.logger, () => listen(one))));
}

async function listen({ options, config, platform, logger }: Running): Promise<void> {
  await options.configure?.(platform.app, config);
  await platform.app.listen({ port: config.PORT, host: config.HOST, backlog: HTTP_LIMITS.backlog });
  const url = await platform.app.getUrl();
  if (options.access === 'public') {
    const doors = doorsOf(options.name, 'public', config);
    await serveMetrics(platform.parts, config as { readonly METRICS_PORT?: number }, doors);
  }
  logger.info('listening', { url, startedInMs: Math.round(process.uptime() * 1_000) });
}

const configuredOrExit = (services: readonly Wanted[]): Configured[] =>
  configsOrExit(
    services.map(({ options, prefix }) => ({
      name: options.name,
      load: () => {
        const declared: Declaration = { ...platformConfig(options.defaultPort), ...options.config };
        const config = loadConfig(declared, process.env, prefix) as PlatformConfig;
        // Checked here, too, so that its error is printed as a plain line.
        doorsOf(options.name, options.access ?? 'internal', config);
        return { options, prefix, config };
      },
    })),
  );

const mostTalkative = (configs: readonly PlatformConfig[]): LogLevel =>
  LOG_LEVELS.find((level) => configs.some(({ LOG_LEVEL }) => LOG_LEVEL === level)) ?? 'info';

async function orExit<T>(service: Configured, logger: Logger, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    logger.error(startFailure(error, service), { error });
    return exit(logger, 1);
  }
}

function startFailure(error: unknown, { config: { PORT, HOST }, prefix }: Configured): string {
  const { code, port = PORT } = error as { readonly code?: unknown; readonly port?: number };
  if (code === 'EADDRINUSE')
    return `port ${port} on ${HOST} is taken; set ${prefix}${port === PORT ? 'PORT' : 'METRICS_PORT'} to another`;
  return 'the service could not start';
}
