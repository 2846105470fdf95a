import { runService } from '@backstep/platform';
import { consumeMessages, messagingConfig } from '@backstep/platform/messaging';
import { ShipmentModule } from './shipment.module.js';

await runService({
  name: 'shipment',
  defaultPort: 3004,
  config: messagingConfig,
  module: ShipmentModule,
  configure: consumeMessages,
});
