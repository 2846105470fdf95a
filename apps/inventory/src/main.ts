import { runService } from '@backstep/platform';
import { consumeMessages, messagingConfig } from '@backstep/platform/messaging';
import { InventoryModule } from './inventory.module.js';

await runService({
  name: 'inventory',
  defaultPort: 3002,
  config: messagingConfig,
  module: InventoryModule,
  configure: consumeMessages,
});
