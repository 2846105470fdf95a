import { type Declaration, prefixOf } from '../config/config.js';
import type { SharedValue } from './platform.module.js';
import { runProcess } from './run-process.js';
import type { ServiceOptions } from './service-options.js';

/**
 * Runs a service's process: checks the configuration, builds the application and listens. On SIGTERM or SIGINT it drains and exits 0, or 1
 * when draining takes longer than SHUTDOWN_GRACE_MS. An uncaught error is logged and ends the process in the same way with 1, because the
 * state of the process is unknown after it.
 */
export const runService = <D extends Declaration>(service: ServiceOptions<D>): Promise<void> =>
  runProcess({ name: service.name, services: [{ options: service, prefix: '' }] });

/** What the services of a process have in common. */
export interface HostOptions {
  /** The process's name in log lines that are no service's. Default `host`. */
  readonly name?: string;
  /** What every service gets, under its token, beside the parts of the chassis. */
  readonly shared?: readonly SharedValue[];
}

/**
 * Runs several services in one process, each with an application, an HTTP port and metrics of its own. A variable is read with the service's
 * prefix first, as OVEN_LOG_LEVEL, and then without one; PORT and whatever else is `own` with the prefix alone. The process has one end: a
 * signal, an uncaught error, or one service that cannot go on drains all services, those with a public API first, and ends the process as
 * {@link runService} does. Of SHUTDOWN_GRACE_MS and DRAIN_DELAY_MS the largest of all services counts. Metrics of the process are in those of
 * the first service.
 */
export const runServices = (
  services: readonly ServiceOptions[],
  { name = 'host', shared = [] }: HostOptions = {},
): Promise<void> =>
  runProcess({
    name,
    services: services.map((options) => ({ options, prefix: prefixOf(options.name) })),
    shared,
  });
