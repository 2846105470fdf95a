import { runService } from '@backstep/service';
import { PAYMENT_CONFIG } from './config.js';
import { PaymentModule } from './payment.module.js';

await runService({
  name: 'payment',
  defaultPort: 3003,
  config: PAYMENT_CONFIG,
  module: PaymentModule,
});
