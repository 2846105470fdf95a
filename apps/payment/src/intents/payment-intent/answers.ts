import { PaymentCharged, PaymentDeclined, PaymentRefunded } from '@backstep/contracts';
import { reply, type Change, type RowChange } from '@backstep/unit-of-work';
import { chargesOf, leftOf, refundedOf } from './charges.rules.js';
import type { PaymentIntent } from './payment-intent.entity.js';
import { REFUNDED_FIRST, TOO_MANY_CHARGES } from './payment-intent.rules.js';
import type { AskedBy, Charge, Failure, Movements, RefundOf, Wanted } from './payment-state.js';
import { isUnderWay } from './what-is-known.js';

type Payment = Pick<PaymentIntent, 'id' | 'amount' | 'currency' | 'state'>;
type Named = Pick<PaymentIntent, 'id' | 'currency'>;

/** ISO 4217 for "no currency": for a payment that was refunded before its charge came. */
export const NO_CURRENCY = 'XXX';

/** Answers a command from the stored payment; no answer while the outcome is unknown: it follows when the outcome is stored. */
export function answer(wanted: Wanted, payment: Payment, change?: RowChange): Change[] {
  const { by } = wanted;
  if (by === null) return [];
  return wanted.kind === 'charge'
    ? answerCharge(by, payment, wanted.chargeId, change)
    : answerRefund(by, payment, wanted.of, change);
}

/**
 * Answers a charge. A refunded charge is answered as declined, so that a late command is not told that the order is paid.
 * @param chargeId of a charge beyond the first
 */
export function answerCharge(command: AskedBy, payment: Payment, chargeId?: string, change?: RowChange): Change[] {
  const { id, state } = payment;
  const of = chargeId ?? id;
  if (isUnderWay(payment, { kind: 'charge', chargeId: of })) return [];
  const made = chargesOf(payment).find((charge) => charge.chargeId === of);
  if (made && !isGivenBack(payment, made)) {
    return [charged(command, payment, { chargeId, amount: made.amount, reference: made.providerReference }, change)];
  }
  const refused = (state as Movements).notCharged?.find((charge) => charge.chargeId === of);
  const failure = refused?.failure ?? (state.status === 'CHARGE_FAILED' ? state.failure : undefined);
  const isFull = !made && (state.status === 'CHARGED' || (state.status === 'REFUNDED' && state.open === true));
  return [declined(command, payment, failure ?? (isFull ? TOO_MANY_CHARGES : REFUNDED_FIRST), chargeId, change)];
}

/** Answers a refund. */
export function answerRefund(command: AskedBy, payment: Payment, of: RefundOf, change?: RowChange): Change[] {
  if (isUnderWay(payment, { kind: 'refund', of })) return [];
  return [refunded(command, payment, of, givenBack(payment, of), change)];
}

/** How much a refund has given back, minor units. */
function givenBack(payment: Payment, of: RefundOf): number {
  switch (of.kind) {
    case 'all':
      return refundedOf(chargesOf(payment));
    case 'charge':
      return chargesOf(payment).find(({ chargeId }) => chargeId === of.chargeId)?.refunded ?? 0;
    case 'amount':
      return (payment.state as Movements).refunds?.find(({ refundId }) => refundId === of.refundId)?.amount ?? 0;
  }
}

function isGivenBack({ state }: Payment, charge: Charge): boolean {
  if (state.status === 'REFUNDED' && state.open !== true) return true;
  if (state.status === 'REFUND_REQUESTED') {
    const of: RefundOf = state.refund?.of ?? { kind: 'all' };
    if (of.kind === 'all' || (of.kind === 'charge' && of.chargeId === charge.chargeId)) return true;
  }
  return charge.amount > 0 && leftOf(charge) === 0;
}

interface MadeCharge {
  readonly chargeId: string | undefined;
  readonly amount: number;
  /** null: the amount is zero, and nothing was taken. */
  readonly reference: string | null;
}

export const charged = (
  command: AskedBy,
  { id, currency }: Named,
  { chargeId, amount, reference }: MadeCharge,
  of?: RowChange,
): Change =>
  reply(
    command,
    PaymentCharged,
    { orderId: id, paymentIntentId: id, chargeId, providerReference: reference ?? '', amount, currency },
    { of },
  );

export const declined = (
  command: AskedBy,
  { id }: Named,
  { reason, message }: Failure,
  chargeId?: string,
  of?: RowChange,
): Change => reply(command, PaymentDeclined, { orderId: id, paymentIntentId: id, chargeId, reason, message }, { of });

export const refunded = (
  command: AskedBy,
  { id, currency }: Named,
  of: RefundOf,
  amount: number,
  change?: RowChange,
): Change => {
  const chargeId = of.kind === 'charge' ? of.chargeId : undefined;
  const refundId = of.kind === 'amount' ? of.refundId : undefined;
  return reply(
    command,
    PaymentRefunded,
    { orderId: id, paymentIntentId: id, chargeId, refundId, amount, currency },
    { of: change },
  );
};
