import { update, type Change, type DecideContext } from '@backstep/unit-of-work';
import { DATABASE_NOW } from '../../moment.js';
import { callProvider } from '../settle-payment/provider-call-due.js';
import { answer } from './answers.js';
import { firstAttempt, PaymentIntent } from './payment-intent.entity.js';
import { isPending, request } from './payment-intent.rules.js';
import type { Wanted } from './payment-state.js';

/**
 * Requests a further charge, or a refund, of a payment that is there: the call to the provider follows the commit, unless one runs already; what
 * needs no call is answered.
 * @throws TooMuchWantedError
 */
export function carryOut(
  intent: PaymentIntent,
  wanted: Wanted,
  context: Pick<DecideContext, 'newId' | 'now'>,
): { requested: PaymentIntent; changes: Change[] } {
  const state = request(intent, wanted, context.now);
  if (state === intent.state) return { requested: intent, changes: answer(wanted, intent) };

  // While a call runs, its worker holds the lock, and its command has the column.
  const isDue = isPending(state) && !isPending(intent.state);
  const isNoted = isDue || (state.status === 'CHARGE_REQUESTED' && state.refundWanted && isOfAll(wanted));
  const requested = update(PaymentIntent, intent, {
    state,
    ...(isNoted && commandOf(wanted)),
    ...(isDue && firstAttempt()),
    updatedAt: DATABASE_NOW,
  });
  const asked = isDue ? callProvider(requested.row, context) : [];
  return { requested: requested.row, changes: [requested, ...asked, ...answer(wanted, requested.row, requested)] };
}

const isOfAll = (wanted: Wanted): boolean => wanted.kind === 'refund' && wanted.of.kind === 'all';

/** The column that keeps a command whose call is due, until it is answered. */
export const commandOf = ({ kind, by }: Wanted): Partial<PaymentIntent> =>
  kind === 'charge' ? { chargeCommand: by } : { refundCommand: by };
