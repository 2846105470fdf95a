import { chargesOf, leftOf } from './charges.rules.js';
import { isOpen, isPending, type Movements, type Payment, type RefundOf } from './payment-state.js';
import { runningChargeId } from './provider-calls.js';

/** What tells one command from another. */
export type Named =
  { readonly kind: 'charge'; readonly chargeId: string } | { readonly kind: 'refund'; readonly of: RefundOf };

/** Whether the payment has this command already: done, under way, or one that the end of the payment has answered. */
export function isKnown(payment: Payment, wanted: Named): boolean {
  const { state } = payment;
  if (!isPending(state) && !isOpen(state)) return true;
  if (isUnderWay(payment, wanted)) return true;
  return wanted.kind === 'charge' ? chargeIsKnown(payment, wanted.chargeId) : refundIsKnown(payment, wanted.of);
}

/** Whether this command runs, or waits for the one that does. */
export function isUnderWay(payment: Payment, wanted: Named): boolean {
  const { state } = payment;
  if (!isPending(state)) return false;
  if (state.waiting?.some((other) => isSame(other, wanted))) return true;
  if (wanted.kind === 'charge') return runningChargeId(payment) === wanted.chargeId;
  if (state.status === 'REFUND_REQUESTED') return isSameRefund(state.refund?.of ?? { kind: 'all' }, wanted.of);
  return wanted.of.kind === 'all' && state.refundWanted;
}

function chargeIsKnown(payment: Payment, chargeId: string): boolean {
  const { notCharged = [] } = payment.state as Movements;
  return [...chargesOf(payment), ...notCharged].some((charge) => charge.chargeId === chargeId);
}

function refundIsKnown(payment: Payment, of: RefundOf): boolean {
  const { notCharged = [], refunds = [] } = payment.state as Movements;
  switch (of.kind) {
    case 'all':
      return false;
    case 'charge': {
      const made = chargesOf(payment).find(({ chargeId }) => chargeId === of.chargeId);
      if (made) return leftOf(made) === 0;
      return notCharged.some(({ chargeId }) => chargeId === of.chargeId);
    }
    case 'amount':
      return refunds.some(({ refundId }) => refundId === of.refundId);
  }
}

function isSame(a: Named, b: Named): boolean {
  if (a.kind === 'charge') return b.kind === 'charge' && a.chargeId === b.chargeId;
  return b.kind === 'refund' && isSameRefund(a.of, b.of);
}

function isSameRefund(a: RefundOf, b: RefundOf): boolean {
  switch (a.kind) {
    case 'all':
      return b.kind === 'all';
    case 'charge':
      return b.kind === 'charge' && a.chargeId === b.chargeId;
    case 'amount':
      return b.kind === 'amount' && a.refundId === b.refundId;
  }
}
