import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { HealthRegistry } from '../health/health-registry.js';
import { createHttpAdapter } from '../http/adapter.js';
import { type Doors, OPEN_DOORS } from '../http/doors.js';
import { HTTP_LIMITS, type HttpLimits } from '../http/limits.js';
import { problemFilter } from '../http/problem-filter.js';
import { RouteTable } from '../http/routes.js';
import type { Logger } from '../logging/logger.js';
import { NestLogger } from '../logging/nest-logger.js';
import { Metrics } from '../metrics/metrics.js';
import { Lifecycle } from './lifecycle.js';
import { PlatformModule, type PlatformParts, type SharedValue } from './platform.module.js';

/** What {@link createApp} makes an application of. */
export interface AppOptions {
  readonly name: string;
  readonly module: Type | DynamicModule;
  readonly config: unknown;
  readonly logger: Logger;
  /** Default: the rules of a service that listens on this machine alone. */
  readonly doors?: Doors;
  /** Shorter limits, for specs. */
  readonly limits?: HttpLimits;
  /** What the services of its process share. */
  readonly shared?: readonly SharedValue[];
  /** Takes Nest's own lines: Nest has one logger a process, whatever number of applications. Default: `logger`. */
  readonly processLogger?: Logger;
}

/** An application and the parts of the chassis in it. */
export interface PlatformApp {
  readonly app: NestFastifyApplication;
  readonly parts: PlatformParts;
}

/** The service's application, not yet listening. `runService` and `runServices` are for a process; this function is for specs. */
export async function createApp({
  name,
  module,
  config,
  logger,
  doors = OPEN_DOORS,
  limits = HTTP_LIMITS,
  shared = [],
  processLogger = logger,
}: AppOptions): Promise<PlatformApp> {
  const health = new HealthRegistry(name);
  const parts = { config, logger, health, metrics: new Metrics(name, logger), lifecycle: new Lifecycle(health) };
  const adapter = createHttpAdapter({ ...parts, limits, doors });
  const routes = new RouteTable();
  routes.watch(adapter.getInstance() as unknown as FastifyInstance);
  const app = await NestFactory.create<NestFastifyApplication>(
    PlatformModule.around(module, parts, doors.access, shared),
    adapter,
    {
      logger: new NestLogger(processLogger),
      // Fastify's own JSON parser is enough. Nest would add one for HTML forms.
      bodyParser: false,
      // By default Nest calls process.abort() when a provider cannot be made.
      abortOnError: false,
    },
  );
  app.useGlobalFilters(problemFilter(logger, routes));
  return { app, parts };
}

/**
 * Ends an application in order. First it accepts no more connections and finishes the requests in flight, so Nest's shutdown hooks may close
 * what requests use. Then Nest stops the microservices. Last run the `onApplicationShutdown` hooks, which close the pools and producers that
 * consumers use.
 */
export async function drain({ app, parts }: PlatformApp, reason: string): Promise<void> {
  parts.lifecycle.begin(reason, 0);
  await app.getHttpAdapter().close();
  await app.close();
}
