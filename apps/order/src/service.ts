import { PROCESSES } from '@backstep/contracts/topology';
import type { ServiceOptions } from '@backstep/service';
import { ORDER_CONFIG } from './config.js';
import { OrderModule } from './order.module.js';

/** The order service, as a process of its own (`main.ts`) and a host of several services run it. */
export const SERVICE: ServiceOptions<typeof ORDER_CONFIG> = {
  name: 'order',
  defaultPort: PROCESSES.order.port,
  config: ORDER_CONFIG,
  module: OrderModule,
};
