import { runService } from '@backstep/service';
import { ORDER_CONFIG } from './config.js';
import { OrderModule } from './order.module.js';

await runService({
  name: 'order',
  defaultPort: 3001,
  config: ORDER_CONFIG,
  module: OrderModule,
});
