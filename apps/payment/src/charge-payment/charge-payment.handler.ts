import { ChargePayment } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import {
  ContradictoryCommandError,
  Handles,
  insert,
  one,
  type Change,
  type DecideContext,
  type Loaded,
} from '@backstep/unit-of-work';
import { answerCharge } from '../payment-intent/answers.js';
import {
  askedBy,
  DATABASE_NOW,
  firstAttempt,
  NO_ATTEMPT,
  PaymentIntent,
} from '../payment-intent/payment-intent.entity.js';
import { isPending, requestCharge } from '../payment-intent/payment-intent.rules.js';
import { callProvider } from '../settle-payment/provider-call-due.js';

/**
 * Stores that the order is to be charged. The provider is called after the commit (`ProviderCallDue`), and its outcome is the answer.
 * A repeated command gets the stored answer; a command with another amount is parked.
 */
@Handles(ChargePayment)
export class ChargePaymentHandler {
  needs({ data }: Message<typeof ChargePayment>) {
    return { intent: one(PaymentIntent, data.orderId) };
  }

  decide(
    command: Message<typeof ChargePayment>,
    { intent }: Loaded<ChargePaymentHandler>,
    context: Pick<DecideContext, 'newId'>,
  ): Change[] {
    if (command.data.chargeId !== undefined)
      throw new ContradictoryCommandError('ChargePayment', ['one charge an order']);
    if (intent) {
      refuseOther(command, intent);
      return answerCharge(command, intent, intent.state);
    }

    const { orderId, amount, currency, paymentMethod } = command.data;
    const state = requestCharge(amount, paymentMethod);
    const requested = insert(PaymentIntent, {
      id: orderId,
      amount,
      currency,
      state,
      chargeCommand: askedBy(command),
      refundCommand: null,
      ...(isPending(state) ? firstAttempt() : NO_ATTEMPT),
      createdAt: DATABASE_NOW,
      updatedAt: DATABASE_NOW,
    });
    const asked = isPending(state) ? callProvider(requested.row, context) : [];
    return [requested, ...asked, ...answerCharge(command, requested.row, state, requested)];
  }
}

/** A voided payment was refunded before its charge came, so it has no amount to contradict. @throws ContradictoryCommandError */
function refuseOther({ data }: Message<typeof ChargePayment>, { amount, currency, state }: PaymentIntent): void {
  if (state.status === 'VOIDED') return;
  const differences = [];
  if (data.amount !== amount) differences.push(`amount ${amount}, not ${data.amount}`);
  if (data.currency !== currency) differences.push(`currency ${currency}, not ${data.currency}`);
  // Stored only until the outcome is known, and never in an error message.
  if (state.status === 'CHARGE_REQUESTED' && data.paymentMethod !== state.paymentMethod) {
    differences.push('another payment method');
  }
  if (differences.length > 0) throw new ContradictoryCommandError('ChargePayment', differences);
}
