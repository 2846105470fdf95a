import { consumeMessages, messagingConfig, runService } from '@backstep/platform';
import { InventoryModule } from './inventory.module.js';

await runService({
  name: 'inventory',
  defaultPort: 3002,
  config: messagingConfig,
  module: InventoryModule,
  configure: consumeMessages,
});
