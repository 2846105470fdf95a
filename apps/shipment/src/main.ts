import { runService } from '@backstep/service';
import { messagingConfig } from '@backstep/messaging/service';
import { ShipmentModule } from './shipment.module.js';

await runService({
  name: 'shipment',
  defaultPort: 3004,
  config: messagingConfig,
  module: ShipmentModule,
});
