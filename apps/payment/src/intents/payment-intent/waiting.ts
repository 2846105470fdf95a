import type { PaymentIntent } from './payment-intent.entity.js';
import { isPending, type Wanted } from './payment-state.js';

/** What waits behind the call that runs. The compensation of the first charge goes first: its command has a column of its own. */
export function waitingIn({ state, refundCommand }: Pick<PaymentIntent, 'state' | 'refundCommand'>): readonly Wanted[] {
  if (!isPending(state)) return [];
  const { waiting = [] } = state;
  if (state.status !== 'CHARGE_REQUESTED' || !state.refundWanted) return waiting;
  return [{ kind: 'refund', of: { kind: 'all' }, by: refundCommand }, ...waiting];
}
