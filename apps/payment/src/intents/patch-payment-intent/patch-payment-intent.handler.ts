import type { PatchPaymentIntentRequest, PaymentIntentView } from '@backstep/contracts/http';
import { idempotent } from '@backstep/idempotency';
import {
  askUser,
  one,
  update,
  whenThere,
  type Change,
  type DecideContext,
  type EditHandler,
  type LoadedNeeds,
} from '@backstep/unit-of-work';
import { freeIntent, tooLate } from '../payment-intent/free-intent.js';
import { PaymentIntent } from '../payment-intent/payment-intent.entity.js';
import { changedView, paymentIntentView, type Shown } from '../payment-intent/payment-intent.view.js';

export interface PatchPaymentIntent {
  readonly id: string;
  /** The version of the If-Match. */
  readonly basis: number | undefined;
  readonly edit: PatchPaymentIntentRequest;
}

const needs = ({ id }: PatchPaymentIntent) => ({ intent: one(PaymentIntent, id) });
type Needs = ReturnType<typeof needs>;

/** Changes the amount of an intent while that is free. The state is the lock: from the request for the charge on, the amount is fixed. */
export class PatchPaymentIntentHandler implements EditHandler<PatchPaymentIntent, PaymentIntentView, Needs> {
  readonly needs = needs;
  readonly edits = 'intent';
  readonly onStale = whenThere(askUser());
  readonly current = ({ intent }: LoadedNeeds<Needs>): unknown => intent && paymentIntentView(intent as Shown);

  decide(
    { id, edit: { amount } }: PatchPaymentIntent,
    { intent }: LoadedNeeds<Needs>,
    { now }: Pick<DecideContext, 'now'>,
  ): { answer: PaymentIntentView; changes: Change[] } {
    const free = freeIntent(intent, id);
    if (free.state.status !== 'CREATED') throw tooLate(free);
    if (free.amount === amount) return { answer: paymentIntentView(free as Shown), changes: [] };
    const changed = update(PaymentIntent, free, { amount, updatedAt: new Date(now) });
    return { answer: changedView(changed.row, now), changes: [changed] };
  }
}

/** The same with one effect for one key, where the client sends one. */
export const patchPaymentIntentOnce = idempotent(new PatchPaymentIntentHandler(), { operation: 'patchPaymentIntent' });
