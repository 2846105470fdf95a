import { PROCESSES } from '@backstep/contracts/topology';
import { runService } from '@backstep/service';
import { messagingConfig } from '@backstep/service-messaging';
import { ShipmentModule } from './shipment.module.js';

await runService({
  name: 'shipment',
  defaultPort: PROCESSES.shipment.port,
  config: messagingConfig,
  module: ShipmentModule,
});
