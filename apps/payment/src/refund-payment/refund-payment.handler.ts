import { RefundPayment } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import {
  ContradictoryCommandError,
  Handles,
  insert,
  one,
  update,
  type Change,
  type DecideContext,
  type Loaded,
} from '@backstep/unit-of-work';
import { answerRefund, NO_CURRENCY } from '../payment-intent/answers.js';
import {
  askedBy,
  DATABASE_NOW,
  firstAttempt,
  NO_ATTEMPT,
  PaymentIntent,
} from '../payment-intent/payment-intent.entity.js';
import { requestRefund } from '../payment-intent/payment-intent.rules.js';
import { callProvider } from '../settle-payment/provider-call-due.js';

/**
 * Refunds what the order has paid. The command may come before the charge that it undoes, during the charge, or without one: it is stored,
 * and answered when it is certain that no money is held for the order.
 */
@Handles(RefundPayment)
export class RefundPaymentHandler {
  needs({ data }: Message<typeof RefundPayment>) {
    return { intent: one(PaymentIntent, data.orderId) };
  }

  decide(
    command: Message<typeof RefundPayment>,
    { intent }: Loaded<RefundPaymentHandler>,
    context: Pick<DecideContext, 'newId'>,
  ): Change[] {
    const { chargeId, refundId } = command.data;
    if ((chargeId ?? refundId) !== undefined)
      throw new ContradictoryCommandError('RefundPayment', ['an order is refunded whole']);
    const state = requestRefund(intent?.state);
    if (!intent) {
      const voided = insert(PaymentIntent, {
        id: command.data.orderId,
        amount: 0,
        currency: NO_CURRENCY,
        state,
        chargeCommand: null,
        refundCommand: null,
        ...NO_ATTEMPT,
        createdAt: DATABASE_NOW,
        updatedAt: DATABASE_NOW,
      });
      return [voided, ...answerRefund(command, voided.row, state, voided)];
    }
    if (state === intent.state) return answerRefund(command, intent, state);

    // During the charge its worker holds the lock.
    const isDue = state.status === 'REFUND_REQUESTED';
    const requested = update(PaymentIntent, intent, {
      state,
      refundCommand: askedBy(command),
      ...(isDue && firstAttempt()),
      updatedAt: DATABASE_NOW,
    });
    const asked = isDue ? callProvider(requested.row, context) : [];
    return [requested, ...asked, ...answerRefund(command, intent, state, requested)];
  }
}
