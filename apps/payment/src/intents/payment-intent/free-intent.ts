import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { comeAgain, ProblemError, PROBLEMS } from '@backstep/problems';
import type { PaymentIntent } from './payment-intent.entity.js';

/**
 * An intent that clients of the API may change: it is there, and belongs to no order. The payment of an order follows its order, so that what is
 * kept is what the order costs.
 * @throws ProblemError `not-found`, `conflict`
 */
export function freeIntent(intent: PaymentIntent | undefined, id: string): PaymentIntent {
  if (!intent) throw unknownIntent(id);
  if (!intent.forOrder) return intent;
  throw new ProblemError(PROBLEMS.conflict, {
    detail: `${id} is the payment of an order: change or cancel the order.`,
  });
}

export const unknownIntent = (id: string): ProblemError =>
  new ProblemError(PROBLEMS.notFound, { detail: `There is no payment intent ${id}.` });

/** It is no longer free to change: it was charged or cancelled, or is being charged. */
export const tooLate = ({ id, state }: PaymentIntent): ProblemError =>
  new ProblemError(SHOP_PROBLEMS.tooLate, {
    detail: `${id} is ${state.status}; only an intent that is CREATED can be changed, charged or cancelled.`,
    extensions: { state: state.status },
  });

/** A call to the provider is under way. The request can be repeated once that call has ended. */
export const inProgress = ({ id, state }: PaymentIntent): ProblemError =>
  comeAgain(SHOP_PROBLEMS.inProgress, { detail: `${id} is ${state.status}: the provider has not answered yet.` });
