import { PROCESSES } from '@backstep/contracts/topology';
import { runService } from '@backstep/service';
import { INVENTORY_CONFIG } from './config.js';
import { InventoryModule } from './inventory.module.js';

await runService({
  name: 'inventory',
  defaultPort: PROCESSES.inventory.port,
  config: INVENTORY_CONFIG,
  module: InventoryModule,
});
