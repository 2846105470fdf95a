import { RefundPayment } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import { Handles, insert, one, update, type Change, type Loaded, afterCommit } from '@backstep/unit-of-work';
import { answerRefund, NO_CURRENCY } from '../payment-intent/answers.js';
import {
  askedBy,
  DATABASE_NOW,
  leasedByThisCommit,
  NEVER_LEASED,
  PaymentIntent,
} from '../payment-intent/payment-intent.entity.js';
import { requestRefund } from '../payment-intent/payment-intent.rules.js';
import { ProviderCallDue } from '../settle-payment/provider-call-due.js';

/**
 * Gives back what the order has paid. It may come before the charge it undoes, while that is under way, or without one: that is
 * remembered, and the answer comes when the order certainly holds no money.
 */
@Handles(RefundPayment)
export class RefundPaymentHandler {
  needs({ data }: Message<typeof RefundPayment>) {
    return { intent: one(PaymentIntent, data.orderId) };
  }

  decide(command: Message<typeof RefundPayment>, { intent }: Loaded<RefundPaymentHandler>): Change[] {
    const state = requestRefund(intent?.state);
    if (!intent) {
      const voided = insert(PaymentIntent, {
        id: command.data.orderId,
        amount: 0,
        currency: NO_CURRENCY,
        state,
        chargeCommand: null,
        refundCommand: null,
        ...NEVER_LEASED,
        createdAt: DATABASE_NOW,
        updatedAt: DATABASE_NOW,
      });
      return [voided, ...answerRefund(command, voided.row, state, voided)];
    }
    if (state === intent.state) return answerRefund(command, intent, state);

    // While the charge is under way, so is its lease.
    const isDue = state.status === 'REFUND_REQUESTED';
    const requested = update(PaymentIntent, intent, {
      state,
      refundCommand: askedBy(command),
      ...(isDue && leasedByThisCommit(intent)),
      updatedAt: DATABASE_NOW,
    });
    const asked = isDue ? [afterCommit(ProviderCallDue, requested)] : [];
    return [requested, ...asked, ...answerRefund(command, intent, state, requested)];
  }
}
