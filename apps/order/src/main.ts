import { PROCESSES } from '@backstep/contracts/topology';
import { runService } from '@backstep/service';
import { ORDER_CONFIG } from './config.js';
import { OrderModule } from './order.module.js';

await runService({
  name: 'order',
  defaultPort: PROCESSES.order.port,
  config: ORDER_CONFIG,
  module: OrderModule,
});
