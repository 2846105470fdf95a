import { runService } from '@backstep/platform';
import { consumeMessages } from '@backstep/platform/messaging';
import { INVENTORY_CONFIG } from './config.js';
import { InventoryModule } from './inventory.module.js';

await runService({
  name: 'inventory',
  defaultPort: 3002,
  config: INVENTORY_CONFIG,
  module: InventoryModule,
  configure: consumeMessages,
});
