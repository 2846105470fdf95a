import { PROCESSES } from '@backstep/contracts/topology';
import type { ServiceOptions } from '@backstep/service';
import { GATEWAY_CONFIG } from './config.js';
import { GatewayModule } from './gateway.module.js';
import { moduleOf } from './lab/module-of.js';

/** The gateway, as a process of its own (`main.ts`) and a host of several services run it. */
export const SERVICE: ServiceOptions<typeof GATEWAY_CONFIG> = {
  name: 'gateway',
  defaultPort: PROCESSES.gateway.port,
  config: GATEWAY_CONFIG,
  module: GatewayModule,
  moduleOf,
  access: 'public',
};
