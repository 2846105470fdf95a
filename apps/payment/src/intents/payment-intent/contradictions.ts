import { allLeftOf, chargesOf } from './charges.rules.js';
import type { PaymentIntent } from './payment-intent.entity.js';
import { isPending, type Movements, type RefundOf, type Wanted } from './payment-state.js';

/** One text for each way in which a command differs from what is known (decision 0022): the stored value, and the command's. */
type Differences = string[];

export const isOfNoOrder = ({ forOrder }: Pick<PaymentIntent, 'forOrder'>): Differences =>
  forOrder ? [] : ['an intent of no order'];

interface AskedCharge {
  readonly chargeId: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

/** How a charge differs from the one that is known under its id. Of one that is not known, only the currency may. */
export function chargeDiffers(intent: PaymentIntent, asked: AskedCharge): Differences {
  const { state, currency } = intent;
  // It was refunded before its charge came, so that it has neither amount nor currency.
  if (state.status === 'VOIDED') return [];
  const differences = [];
  const known = knownCharge(intent, asked.chargeId);
  if (known?.amount !== undefined && known.amount !== asked.amount) {
    differences.push(`amount ${known.amount}, not ${asked.amount}`);
  }
  if (asked.currency !== currency) differences.push(`currency ${currency}, not ${asked.currency}`);
  // Stored only until the outcome is known, and never in an error message.
  if (known?.paymentMethod !== undefined && known.paymentMethod !== asked.paymentMethod) {
    differences.push('another payment method');
  }
  return differences;
}

function knownCharge(
  intent: PaymentIntent,
  chargeId: string,
): { readonly amount?: number; readonly paymentMethod?: string } | undefined {
  const { id, amount, state } = intent;
  if (state.status === 'CHARGE_REQUESTED' && (state.charge?.chargeId ?? id) === chargeId) {
    return { amount: state.charge?.amount ?? amount, paymentMethod: state.paymentMethod };
  }
  if (chargeId === id) return { amount };
  return chargesOf(intent).find((charge) => charge.chargeId === chargeId) ?? waitingCharge(intent, chargeId);
}

function waitingCharge({ state }: PaymentIntent, chargeId: string) {
  if (!isPending(state)) return undefined;
  return state.waiting?.find(
    (wanted): wanted is Extract<Wanted, { kind: 'charge' }> => wanted.kind === 'charge' && wanted.chargeId === chargeId,
  );
}

/** How a refund of an amount differs from the one that is known under its id, or from what is there to be given back. */
export function refundDiffers(intent: PaymentIntent, of: RefundOf): Differences {
  if (of.kind !== 'amount') return [];
  const { state } = intent;
  const known = knownAmount(intent, of.refundId);
  if (known !== undefined) return known === of.amount ? [] : [`amount ${known}, not ${of.amount}`];
  // What is left when the running call has ended is not known yet.
  if (isPending(state)) return [];
  const left = allLeftOf(chargesOf(intent));
  return left < of.amount ? [`${left} left, not ${of.amount}`] : [];
}

function knownAmount({ state }: PaymentIntent, refundId: string): number | undefined {
  const isIt = (of: RefundOf): of is RefundOf & { kind: 'amount' } => of.kind === 'amount' && of.refundId === refundId;
  const waiting = isPending(state) ? (state.waiting ?? []) : [];
  const wanted = waiting.flatMap((one) => (one.kind === 'refund' && isIt(one.of) ? [one.of.amount] : []));
  const running = state.status === 'REFUND_REQUESTED' ? state.refund?.of : undefined;
  if (running && isIt(running)) return running.amount;
  const made = (state as Movements).refunds?.find((one) => one.refundId === refundId);
  return wanted[0] ?? made?.wanted ?? made?.amount;
}
