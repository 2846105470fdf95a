import { effect } from '@backstep/unit-of-work';
import type { Leased } from './leases.js';

/**
 * The provider is to be asked for this payment, and the commit has leased the payment to this process: its `ProviderWorker` asks. When the
 * process dies first, the lease runs out and a sweep finds the payment.
 */
export const ProviderCallDue = effect<Leased>('provider-call-due');
