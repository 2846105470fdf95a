import type { Lease } from '@backstep/locks';
import { takes } from '@backstep/locks';
import { afterCommit, effect, type Change, type DecideContext } from '@backstep/unit-of-work';
import { LEASE_MS, leased, lockOf, type Leased } from './leases.js';

/**
 * The provider must be called for this payment. The commit has taken the payment's lock for this process, whose `ProviderWorker` makes the call.
 * When the process dies first, the lease runs out and a sweep finds the payment.
 */
export const ProviderCallDue = effect<Leased>('provider-call-due');

/** The commit takes the lock of the payment, and the call follows. */
export function callProvider(intent: Omit<Leased, 'lease'>, { newId }: Pick<DecideContext, 'newId'>): Change[] {
  const lease: Lease = { name: lockOf(intent.id), holder: newId(), epoch: undefined };
  return [takes(lease, { leaseMs: LEASE_MS }), afterCommit(ProviderCallDue, leased(intent, lease))];
}
