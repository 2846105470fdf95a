import { PROCESSES } from '@backstep/contracts/topology';
import type { ServiceOptions } from '@backstep/service';
import { PAYMENT_CONFIG } from './config.js';
import { PaymentModule } from './payment.module.js';

/** The payment service, as a process of its own (`main.ts`) and a host of several services run it. */
export const SERVICE: ServiceOptions<typeof PAYMENT_CONFIG> = {
  name: 'payment',
  defaultPort: PROCESSES.payment.port,
  config: PAYMENT_CONFIG,
  module: PaymentModule,
};
