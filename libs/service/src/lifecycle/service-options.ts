import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config, Declaration } from '../config/config.js';
import type { PlatformConfig } from '../config/platform-config.js';
import type { Doors } from '../http/doors.js';

/** A service as `runService` and `runServices` run it. */
export interface ServiceOptions<D extends Declaration = Declaration> {
  /** The service's name in logs, metrics and health. */
  readonly name: string;
  /** The port when PORT is not set. */
  readonly defaultPort: number;
  /** The service's own variables. Those of `platformConfig` are added. */
  readonly config: D;
  readonly module: Type | DynamicModule;
  /** The module instead of `module`, where the configuration decides which routes there are. */
  moduleOf?(config: Config<D> & PlatformConfig): Type | DynamicModule;
  /** Default `internal`: see `Doors`. */
  readonly access?: Doors['access'];
  /** Runs before the service listens: connect and start a microservice, add a content type. */
  // A method, so that services with different variables fit into one list.
  configure?(app: NestFastifyApplication, config: Config<D> & PlatformConfig): Promise<void> | void;
}
