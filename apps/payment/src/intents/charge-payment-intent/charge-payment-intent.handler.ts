import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import type { ChargePaymentIntentRequest, PaymentIntentView } from '@backstep/contracts/http';
import { idempotent } from '@backstep/idempotency';
import { ProblemError } from '@backstep/problems';
import {
  one,
  reject,
  update,
  whenThere,
  type Change,
  type DecideContext,
  type EditHandler,
  type LoadedNeeds,
} from '@backstep/unit-of-work';
import { freeIntent, tooLate } from '../payment-intent/free-intent.js';
import { firstAttempt, PaymentIntent } from '../payment-intent/payment-intent.entity.js';
import { changedView, paymentIntentView, type Shown } from '../payment-intent/payment-intent.view.js';
import { callProvider } from '../settle-payment/provider-call-due.js';

export interface ChargePaymentIntent {
  readonly id: string;
  /** The version of the If-Match: the amount that was seen. undefined: whatever the amount is. */
  readonly basis: number | undefined;
  readonly edit: ChargePaymentIntentRequest;
}

const needs = ({ id }: ChargePaymentIntent) => ({ intent: one(PaymentIntent, id) });
type Needs = ReturnType<typeof needs>;

/** Requests the charge of an intent, once. The provider is called after the commit; who wants the outcome reads the intent. */
export class ChargePaymentIntentHandler implements EditHandler<ChargePaymentIntent, PaymentIntentView, Needs> {
  readonly needs = needs;
  readonly edits = 'intent';
  readonly onStale = whenThere(reject());
  readonly current = ({ intent }: LoadedNeeds<Needs>): unknown => intent && paymentIntentView(intent as Shown);

  decide(
    { id, edit }: ChargePaymentIntent,
    { intent }: LoadedNeeds<Needs>,
    context: Pick<DecideContext, 'newId' | 'now'>,
  ): { answer: PaymentIntentView; changes: Change[] } {
    const free = freeIntent(intent, id);
    if (free.state.status !== 'CREATED') throw tooLate(free);
    const paymentMethod = edit.paymentMethod ?? free.state.paymentMethod;
    if (paymentMethod === null) throw new ProblemError(SHOP_PROBLEMS.paymentMethodMissing);
    const { now } = context;
    const requested = update(PaymentIntent, free, {
      state: { status: 'CHARGE_REQUESTED', paymentMethod, refundWanted: false, since: now },
      ...firstAttempt(),
      updatedAt: new Date(now),
    });
    return { answer: changedView(requested.row, now), changes: [requested, ...callProvider(requested.row, context)] };
  }
}

/** The same with one effect for one key. */
export const chargePaymentIntentOnce = idempotent(new ChargePaymentIntentHandler(), {
  operation: 'chargePaymentIntent',
});
