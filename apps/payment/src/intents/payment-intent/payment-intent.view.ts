import type { PaymentIntentView } from '@backstep/contracts/http';
import { capturedBy, chargesOf, refundedOf } from './charges.rules.js';
import type { PaymentIntent } from './payment-intent.entity.js';

/** What is shown of a payment: with its times, and without commands and leases. */
export type Shown = Pick<PaymentIntent, 'id' | 'forOrder' | 'amount' | 'currency' | 'state' | 'attempts' | 'version'> &
  Readonly<Record<'createdAt' | 'updatedAt', Date>>;

/** Member by member: the state holds the payment method. */
export function paymentIntentView(intent: Shown): PaymentIntentView {
  const { id, forOrder, amount, currency, state, attempts, version, createdAt, updatedAt } = intent;
  const charges = chargesOf(intent);
  return {
    id,
    orderId: forOrder ? id : null,
    status: state.status,
    amount,
    currency,
    capturedAmount: capturedBy(charges),
    refundedAmount: refundedOf(charges),
    charges: charges.map((charge) => ({
      id: charge.chargeId,
      amount: charge.amount,
      refundedAmount: charge.refunded,
      providerReference: charge.providerReference,
    })),
    providerReference: charges[0]?.providerReference ?? null,
    failure: state.status === 'CHARGE_FAILED' ? state.failure : null,
    attempts,
    problem: ('problem' in state ? state.problem : undefined) ?? null,
    version,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** A payment as a decision leaves it: one version on, and changed now. @param now milliseconds since 1970 */
export const changedView = (row: PaymentIntent, now: number): PaymentIntentView =>
  paymentIntentView({
    ...row,
    createdAt: row.createdAt instanceof Date ? row.createdAt : new Date(now),
    updatedAt: new Date(now),
    version: row.version + 1,
  });
