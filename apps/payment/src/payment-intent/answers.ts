import { PaymentCharged, PaymentDeclined, PaymentRefunded } from '@backstep/contracts';
import { reply, type Change, type RowChange } from '@backstep/unit-of-work';
import type { AskedBy, PaymentIntent } from './payment-intent.entity.js';
import type { Charged, Failure, PaymentState } from './payment-intent.rules.js';

type Payment = Pick<PaymentIntent, 'id' | 'amount' | 'currency'>;

/** ISO 4217 for "no currency": for a payment that was refunded before its charge came. */
export const NO_CURRENCY = 'XXX';

const REFUNDED_FIRST: Failure = {
  reason: 'refunded_first',
  message: 'The payment was refunded before it was asked for.',
};

/**
 * Answers a charge from the stored payment. No answer while the outcome is unknown: it follows when the outcome is stored.
 * A refunded charge is answered as declined, so that a late command is not told that the order is paid.
 */
export function answerCharge(command: AskedBy, payment: Payment, state: PaymentState, of?: RowChange): Change[] {
  switch (state.status) {
    case 'CHARGE_REQUESTED':
      return [];
    case 'CHARGED':
      return [charged(command, payment, state.providerReference, of)];
    case 'CHARGE_FAILED':
      return [declined(command, payment, state.failure, of)];
    case 'REFUND_REQUESTED':
    case 'REFUNDED':
    case 'VOIDED':
      return [declined(command, payment, REFUNDED_FIRST, of)];
  }
}

/** Answers a refund from the stored payment; no answer while the outcome is unknown. */
export function answerRefund(
  command: AskedBy,
  payment: Payment,
  state: Exclude<PaymentState, Charged>,
  of?: RowChange,
): Change[] {
  switch (state.status) {
    case 'CHARGE_REQUESTED':
    case 'REFUND_REQUESTED':
      return [];
    case 'REFUNDED':
      return [refunded(command, payment, payment.amount, of)];
    case 'CHARGE_FAILED':
    case 'VOIDED':
      return [refunded(command, payment, 0, of)];
  }
}

/** A payment without the provider's reference had a zero amount: nothing was taken. */
export const charged = (
  command: AskedBy,
  { id, amount, currency }: Payment,
  reference: string | null,
  of?: RowChange,
): Change =>
  reply(
    command,
    PaymentCharged,
    { orderId: id, paymentIntentId: id, providerReference: reference ?? '', amount, currency },
    { of },
  );

export const declined = (command: AskedBy, { id }: Payment, { reason, message }: Failure, of?: RowChange): Change =>
  reply(command, PaymentDeclined, { orderId: id, paymentIntentId: id, reason, message }, { of });

export const refunded = (command: AskedBy, { id, currency }: Payment, amount: number, of?: RowChange): Change =>
  reply(command, PaymentRefunded, { orderId: id, paymentIntentId: id, amount, currency }, { of });
