import { type DynamicModule, type InjectionToken, Module, type Type } from '@nestjs/common';
import { CONFIG } from '../config/token.js';
import { HealthController } from '../health/health.controller.js';
import { HealthRegistry } from '../health/health-registry.js';
import type { Doors } from '../http/doors.js';
import { Logger } from '../logging/logger.js';
import { MetricsController } from '../metrics/metrics.controller.js';
import { Metrics } from '../metrics/metrics.js';
import { Lifecycle } from './lifecycle.js';

/** What the chassis gives to every module of a service. */
export interface PlatformParts {
  readonly config: unknown;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: HealthRegistry;
  readonly lifecycle: Lifecycle;
}

/** A value that all services of a process get, under its token. */
export interface SharedValue {
  readonly provide: InjectionToken;
  readonly useValue: unknown;
}

/**
 * Gives every module of the service `CONFIG`, `Logger`, `Metrics`, `HealthRegistry` and `Lifecycle`, and what the services of its process share.
 * Serves health and, when internal, metrics.
 */
@Module({})
export class PlatformModule {
  static around(
    service: Type | DynamicModule,
    parts: PlatformParts,
    access: Doors['access'],
    shared: readonly SharedValue[] = [],
  ): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [service],
      // A public service has its metrics on a port of their own: see `serveMetrics`.
      controllers: [HealthController, ...(access === 'internal' ? [MetricsController] : [])],
      providers: [
        { provide: CONFIG, useValue: parts.config },
        { provide: Logger, useValue: parts.logger },
        { provide: Metrics, useValue: parts.metrics },
        { provide: HealthRegistry, useValue: parts.health },
        { provide: Lifecycle, useValue: parts.lifecycle },
        ...shared,
      ],
      exports: [CONFIG, Logger, Metrics, HealthRegistry, Lifecycle, ...shared.map(({ provide }) => provide)],
    };
  }
}
