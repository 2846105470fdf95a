import { runService } from '@backstep/service';
import { INVENTORY_CONFIG } from './config.js';
import { InventoryModule } from './inventory.module.js';

await runService({
  name: 'inventory',
  defaultPort: 3002,
  config: INVENTORY_CONFIG,
  module: InventoryModule,
});
