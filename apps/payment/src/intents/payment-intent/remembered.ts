import { leftOf } from './charges.rules.js';
import type { Charge, Failure, MadeRefund, Movements, Part, PaymentState, RefundOf } from './payment-state.js';

/** Charges of one payment, those that took nothing included. One more is declined. */
export const CHARGES_MAX = 100;

/** A charge that has taken nothing, and never will. */
export function withoutCharge(state: PaymentState, chargeId: string, failure: Failure): PaymentState {
  const { charges = [], notCharged = [] } = state as Movements;
  // One that comes late is declined as one too many.
  if (charges.length + notCharged.length >= CHARGES_MAX) return state;
  return { ...state, notCharged: [...notCharged, { chargeId, failure }] } as PaymentState;
}

/** The amounts that were given back, with so much more for this refund. */
export function withAmount(
  refunds: readonly MadeRefund[],
  { refundId, amount: wanted }: RefundOf & { kind: 'amount' },
  given: number,
): MadeRefund[] {
  const amount = given + (refunds.find((made) => made.refundId === refundId)?.amount ?? 0);
  const others = refunds.filter((made) => made.refundId !== refundId);
  return [...others, { refundId, amount, ...(amount < wanted && { wanted }) }];
}

/** A request for a part of a charge must not be repeated for ever (`REPEAT_FOR_HOURS`): it could give back as much again. */
export const sinceOf = (charges: readonly Charge[], part: Part, now: number) =>
  !charges.some((charge) => charge.chargeId === part.chargeId && leftOf(charge) === part.amount) && { since: now };
