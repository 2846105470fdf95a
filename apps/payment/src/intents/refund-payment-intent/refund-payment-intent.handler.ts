import type { PaymentIntentView, RefundPaymentIntentRequest } from '@backstep/contracts/http';
import { idempotent } from '@backstep/idempotency';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { one, type Change, type DecideContext, type LoadedNeeds, type RequestHandler } from '@backstep/unit-of-work';
import { carryOut } from '../payment-intent/carry-out.js';
import { allLeftOf, chargesOf } from '../payment-intent/charges.rules.js';
import { freeIntent, inProgress } from '../payment-intent/free-intent.js';
import { PaymentIntent } from '../payment-intent/payment-intent.entity.js';
import { isOpen, isPending, REFUNDS_MAX } from '../payment-intent/payment-intent.rules.js';
import { changedView } from '../payment-intent/payment-intent.view.js';

export interface RefundPaymentIntent extends RefundPaymentIntentRequest {
  readonly id: string;
  /** Chosen by the service, one for each request. */
  readonly refundId: string;
}

const needs = ({ id }: RefundPaymentIntent) => ({ intent: one(PaymentIntent, id) });
type Needs = ReturnType<typeof needs>;

/** Gives back an amount of what an intent has taken, or all that is left. One refund runs at a time. */
export class RefundPaymentIntentHandler implements RequestHandler<RefundPaymentIntent, PaymentIntentView, Needs> {
  readonly needs = needs;

  decide(
    { id, refundId, amount }: RefundPaymentIntent,
    { intent }: LoadedNeeds<Needs>,
    context: Pick<DecideContext, 'newId' | 'now'>,
  ): { answer: PaymentIntentView; changes: Change[] } {
    const free = freeIntent(intent, id);
    if (isPending(free.state)) throw inProgress(free);
    const left = allLeftOf(chargesOf(free));
    if (left === 0) throw nothingLeft(free);
    if (amount !== undefined && amount > left) throw moreThanLeft(free, left);
    if (isOpen(free.state) && (free.state.refunds?.length ?? 0) >= REFUNDS_MAX) throw tooOften(free);
    const of = { kind: 'amount', refundId, amount: amount ?? left } as const;
    const { requested, changes } = carryOut(free, { kind: 'refund', of, by: null }, context);
    return { answer: changedView(requested, context.now), changes };
  }
}

const nothingLeft = ({ id, state }: PaymentIntent): ProblemError =>
  new ProblemError(PROBLEMS.conflict, { detail: `${id} is ${state.status}: there is nothing to give back.` });

const tooOften = ({ id }: PaymentIntent): ProblemError =>
  new ProblemError(PROBLEMS.conflict, { detail: `${id} was refunded ${REFUNDS_MAX} times, which is the most.` });

function moreThanLeft({ currency }: PaymentIntent, left: number): ProblemError {
  const message = `must be at most what is left, ${left}`;
  return new ProblemError(PROBLEMS.outOfRange, {
    detail: `amount: ${message} (minor units of ${currency})`,
    errors: [{ in: 'body', field: 'amount', pointer: '#/amount', message }],
  });
}

/** The same with one refund for one key. */
export const refundPaymentIntentOnce = idempotent(new RefundPaymentIntentHandler(), {
  operation: 'refundPaymentIntent',
});
