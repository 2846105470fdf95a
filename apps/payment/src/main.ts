import { PROCESSES } from '@backstep/contracts/topology';
import { runService } from '@backstep/service';
import { PAYMENT_CONFIG } from './config.js';
import { PaymentModule } from './payment.module.js';

await runService({
  name: 'payment',
  defaultPort: PROCESSES.payment.port,
  config: PAYMENT_CONFIG,
  module: PaymentModule,
});
