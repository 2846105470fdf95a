import type { PaymentIntentView } from '@backstep/contracts/http';
import { idempotent } from '@backstep/idempotency';
import {
  one,
  update,
  type Change,
  type DecideContext,
  type LoadedNeeds,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { freeIntent, tooLate } from '../payment-intent/free-intent.js';
import { PaymentIntent } from '../payment-intent/payment-intent.entity.js';
import { changedView, paymentIntentView, type Shown } from '../payment-intent/payment-intent.view.js';

export interface CancelPaymentIntent {
  readonly id: string;
}

const needs = ({ id }: CancelPaymentIntent) => ({ intent: one(PaymentIntent, id) });
type Needs = ReturnType<typeof needs>;

/** Gives an intent up that was not charged: it never will be. */
export class CancelPaymentIntentHandler implements RequestHandler<CancelPaymentIntent, PaymentIntentView, Needs> {
  readonly needs = needs;

  decide(
    { id }: CancelPaymentIntent,
    { intent }: LoadedNeeds<Needs>,
    { now }: Pick<DecideContext, 'now'>,
  ): { answer: PaymentIntentView; changes: Change[] } {
    const free = freeIntent(intent, id);
    if (free.state.status === 'CANCELLED') return { answer: paymentIntentView(free as Shown), changes: [] };
    if (free.state.status !== 'CREATED') throw tooLate(free);
    const cancelled = update(PaymentIntent, free, { state: { status: 'CANCELLED' }, updatedAt: new Date(now) });
    return { answer: changedView(cancelled.row, now), changes: [cancelled] };
  }
}

/** The same with one effect for one key, where the client sends one. */
export const cancelPaymentIntentOnce = idempotent(new CancelPaymentIntentHandler(), {
  operation: 'cancelPaymentIntent',
});
