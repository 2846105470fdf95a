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
import { DATABASE_NOW } from '../../moment.js';
import { answerCharge } from '../payment-intent/answers.js';
import { carryOut } from '../payment-intent/carry-out.js';
import { chargeDiffers, isOfNoOrder } from '../payment-intent/contradictions.js';
import { askedBy, firstAttempt, NO_ATTEMPT, PaymentIntent } from '../payment-intent/payment-intent.entity.js';
import { isPending, requestCharge } from '../payment-intent/payment-intent.rules.js';
import { callProvider } from '../settle-payment/provider-call-due.js';

/**
 * Stores that the order is to be charged, for the first time or once more. The provider is called after the commit (`ProviderCallDue`), and its
 * outcome is the answer. A repeated command gets the stored answer; a command with another amount is parked.
 */
@Handles(ChargePayment)
export class ChargePaymentHandler {
  needs({ data }: Message<typeof ChargePayment>) {
    return { intent: one(PaymentIntent, data.orderId) };
  }

  decide(
    command: Message<typeof ChargePayment>,
    { intent }: Loaded<ChargePaymentHandler>,
    context: Pick<DecideContext, 'newId' | 'now'>,
  ): Change[] {
    const { orderId, chargeId = orderId, amount, currency, paymentMethod } = command.data;
    if (intent) {
      const differences = [
        ...isOfNoOrder(intent),
        ...chargeDiffers(intent, { chargeId, amount, currency, paymentMethod }),
      ];
      if (differences.length > 0) throw new ContradictoryCommandError('ChargePayment', differences);
      if (chargeId === orderId) return answerCharge(command, intent);
      return carryOut(intent, { kind: 'charge', chargeId, amount, paymentMethod, by: askedBy(command) }, context)
        .changes;
    }
    if (chargeId !== orderId) throw new ContradictoryCommandError('ChargePayment', ['no charge before a further one']);

    const state = requestCharge(amount, paymentMethod);
    const requested = insert(PaymentIntent, {
      id: orderId,
      forOrder: true,
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
    return [requested, ...asked, ...answerCharge(command, requested.row, undefined, requested)];
  }
}
