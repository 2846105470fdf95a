import { effect } from '@backstep/unit-of-work';
import type { Leased } from './leases.js';

/**
 * The provider must be called for this payment. The commit has leased the payment to this process, whose `ProviderWorker` makes the call.
 * When the process dies first, the lease runs out and a sweep finds the payment.
 */
export const ProviderCallDue = effect<Leased>('provider-call-due');
