import { PROCESSES } from '@backstep/contracts/topology';
import type { ServiceOptions } from '@backstep/service';
import { SHIPMENT_CONFIG } from './config.js';
import { ShipmentModule } from './shipment.module.js';

/** The shipment service, as a process of its own (`main.ts`) and a host of several services run it. */
export const SERVICE: ServiceOptions<typeof SHIPMENT_CONFIG> = {
  name: 'shipment',
  defaultPort: PROCESSES.shipment.port,
  config: SHIPMENT_CONFIG,
  module: ShipmentModule,
};
