import { hostname } from 'node:os';
import type { DynamicModule } from '@nestjs/common';
import { kafkaSecurityFrom } from '@backstep/kafka';
import {
  CONFIG,
  ConfigError,
  HealthRegistry,
  Lifecycle,
  Logger,
  Metrics,
  type PlatformConfig,
} from '@backstep/service';
import {
  leastLeftoverMs,
  MessagingModule,
  type ExpressRuntime,
  type ExpressSocketOptions,
  type MessagingRuntime,
  Neighbours,
  type ServiceDeclaration,
} from '@backstep/messaging';
import type { MessagingConfig } from './messaging-config.js';

/** What `runService` has read from the environment. */
type ServiceConfig = MessagingConfig & PlatformConfig;

/**
 * Messaging for a service that `runService` or `runServices` runs, with the configuration, logger, metrics, health and lifecycle of that
 * service. Where the services of a process share {@link Neighbours}, it joins them.
 */
export const serviceMessaging = (declaration: ServiceDeclaration): DynamicModule =>
  MessagingModule.forRootAsync({
    parkedRoutes: true,
    ...declaration,
    inject: [CONFIG, Logger, Metrics, HealthRegistry, Lifecycle, { token: Neighbours, optional: true }],
    useFactory: runtimeOf,
  });

const runtimeOf = (
  config: ServiceConfig,
  logger: Logger,
  metrics: Metrics,
  health: HealthRegistry,
  lifecycle: Lifecycle,
  neighbours: Neighbours | undefined,
): MessagingRuntime => ({
  database: { url: config.DATABASE_URL, poolMax: config.DATABASE_POOL_MAX },
  kafka: { brokers: config.KAFKA_BROKERS, security: kafkaSecurityFrom(config) },
  retention: {
    inboxDays: config.INBOX_RETAIN_DAYS,
    discardedDays: config.DISCARDED_RETAIN_DAYS,
    operationsDays: config.PARKED_OPERATIONS_RETAIN_DAYS,
  },
  outboxLeftoverMs: config.OUTBOX_LEFTOVER_MS,
  contentionFailsReadiness: config.CONTENTION_FAILS_READINESS,
  logger,
  metrics,
  health,
  lifecycle,
  neighbours,
  express: expressOf(config),
});

/** @throws ConfigError naming OUTBOX_LEFTOVER_MS when it is too short */
function expressOf(config: ServiceConfig): ExpressRuntime | undefined {
  const { EXPRESS, EXPRESS_LINGER_MS: lingerMs, OUTBOX_LEFTOVER_MS } = config;
  if (!EXPRESS) return undefined;
  const least = leastLeftoverMs({ lingerMs });
  if (OUTBOX_LEFTOVER_MS < least)
    throw new ConfigError([
      `OUTBOX_LEFTOVER_MS is wrong: expected at least ${least} (ms) with EXPRESS and EXPRESS_LINGER_MS=${lingerMs}, got "${OUTBOX_LEFTOVER_MS}"`,
    ]);
  return { lingerMs, sockets: socketsOf(config) };
}

/** @throws ConfigError when there is no token to make TLS of */
function socketsOf(config: ServiceConfig): ExpressSocketOptions | undefined {
  const { EXPRESS_FOLDER: folder, EXPRESS_PORT: port, EXPRESS_NAME: name, HOST: host } = config;
  if (folder === '' && port === 0) return undefined;
  const token = config.SERVICE_TOKEN || config.OPERATOR_TOKEN;
  if (port !== 0 && token === '')
    throw new ConfigError(['SERVICE_TOKEN is missing: EXPRESS_PORT is set, and its TLS is made of the token']);
  return {
    ...(folder !== '' && { folder }),
    ...(port !== 0 && { tcp: { host, port, name: name || hostname(), token } }),
  };
}
