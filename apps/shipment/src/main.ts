import { runService } from '@backstep/service';
import { messagingConfig } from '@backstep/service-messaging';
import { ShipmentModule } from './shipment.module.js';

await runService({
  name: 'shipment',
  defaultPort: 3004,
  config: messagingConfig,
  module: ShipmentModule,
});
