import { PROCESSES } from '@backstep/contracts/topology';
import type { ServiceOptions } from '@backstep/service';
import { INVENTORY_CONFIG } from './config.js';
import { InventoryModule } from './inventory.module.js';

/** The inventory service, as a process of its own (`main.ts`) and a host of several services run it. */
export const SERVICE: ServiceOptions<typeof INVENTORY_CONFIG> = {
  name: 'inventory',
  defaultPort: PROCESSES.inventory.port,
  config: INVENTORY_CONFIG,
  module: InventoryModule,
};
