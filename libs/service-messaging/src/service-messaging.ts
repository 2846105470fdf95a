import type { DynamicModule } from '@nestjs/common';
import { kafkaSecurityFrom } from '@backstep/kafka';
import { CONFIG, ConfigError, HealthRegistry, Lifecycle, Logger, Metrics } from '@backstep/service';
import {
  leastLeftoverMs,
  MessagingModule,
  type ExpressRuntime,
  type MessagingRuntime,
  Neighbours,
  type ServiceDeclaration,
} from '@backstep/messaging';
import type { MessagingConfig } from './messaging-config.js';

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
  config: MessagingConfig,
  logger: Logger,
  metrics: Metrics,
  health: HealthRegistry,
  lifecycle: Lifecycle,
  neighbours: Neighbours | undefined,
): MessagingRuntime => ({
  database: { url: config.DATABASE_URL, poolMax: config.DATABASE_POOL_MAX },
  kafka: { brokers: config.KAFKA_BROKERS, security: kafkaSecurityFrom(config) },
  retention: { inboxDays: config.INBOX_RETAIN_DAYS, discardedDays: config.DISCARDED_RETAIN_DAYS },
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
function expressOf({
  EXPRESS,
  EXPRESS_LINGER_MS: lingerMs,
  OUTBOX_LEFTOVER_MS,
}: MessagingConfig): ExpressRuntime | undefined {
  if (!EXPRESS) return undefined;
  const least = leastLeftoverMs({ lingerMs });
  if (OUTBOX_LEFTOVER_MS < least)
    throw new ConfigError([
      `OUTBOX_LEFTOVER_MS is wrong: expected at least ${least} (ms) with EXPRESS and EXPRESS_LINGER_MS=${lingerMs}, got "${OUTBOX_LEFTOVER_MS}"`,
    ]);
  return { lingerMs };
}
