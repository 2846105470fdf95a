import { PROCESSES } from '@backstep/contracts/topology';
import { runService } from '@backstep/service';
import { SHIPMENT_CONFIG } from './config.js';
import { ShipmentModule } from './shipment.module.js';

await runService({
  name: 'shipment',
  defaultPort: PROCESSES.shipment.port,
  config: SHIPMENT_CONFIG,
  module: ShipmentModule,
});
