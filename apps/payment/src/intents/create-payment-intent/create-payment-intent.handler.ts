import type { CreatePaymentIntentRequest, PaymentIntentView } from '@backstep/contracts/http';
import { idempotent } from '@backstep/idempotency';
import { insert, one, type Change, type DecideContext, type RequestHandler } from '@backstep/unit-of-work';
import { NO_ATTEMPT, PaymentIntent } from '../payment-intent/payment-intent.entity.js';
import { changedView } from '../payment-intent/payment-intent.view.js';

export interface CreatePaymentIntent extends CreatePaymentIntentRequest {
  readonly id: string;
}

const needs = ({ id }: CreatePaymentIntent) => ({ intent: one(PaymentIntent, id) });

/** Makes an intent of no order. Nothing is asked of the provider. */
export class CreatePaymentIntentHandler implements RequestHandler<
  CreatePaymentIntent,
  PaymentIntentView,
  ReturnType<typeof needs>
> {
  readonly needs = needs;

  decide(
    { id, amount, currency, paymentMethod }: CreatePaymentIntent,
    _: unknown,
    { now }: Pick<DecideContext, 'now'>,
  ): { answer: PaymentIntentView; changes: Change[] } {
    const created = insert(PaymentIntent, {
      id,
      forOrder: false,
      amount,
      currency,
      state: { status: 'CREATED', paymentMethod: paymentMethod ?? null },
      chargeCommand: null,
      refundCommand: null,
      ...NO_ATTEMPT,
      createdAt: new Date(now),
      updatedAt: new Date(now),
    });
    return { answer: changedView(created.row, now), changes: [created] };
  }
}

/** The same with one intent for one key. */
export const createPaymentIntentOnce = idempotent(new CreatePaymentIntentHandler(), {
  operation: 'createPaymentIntent',
});
