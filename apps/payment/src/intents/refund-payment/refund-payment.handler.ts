import { RefundPayment } from '@backstep/contracts';
import type { DataOf, Message } from '@backstep/messages';
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
import { answerRefund, NO_CURRENCY } from '../payment-intent/answers.js';
import { carryOut } from '../payment-intent/carry-out.js';
import { isOfNoOrder, refundDiffers } from '../payment-intent/contradictions.js';
import { askedBy, NO_ATTEMPT, PaymentIntent } from '../payment-intent/payment-intent.entity.js';
import type { RefundOf } from '../payment-intent/payment-state.js';

/**
 * Refunds what the order has paid: all that is left, one charge, or an amount. A compensation may come before the charge that it undoes, during
 * the charge, or without one: it is stored, and answered when it is certain that no money is held for the charge.
 */
@Handles(RefundPayment)
export class RefundPaymentHandler {
  needs({ data }: Message<typeof RefundPayment>) {
    return { intent: one(PaymentIntent, data.orderId) };
  }

  decide(
    command: Message<typeof RefundPayment>,
    { intent }: Loaded<RefundPaymentHandler>,
    context: Pick<DecideContext, 'newId' | 'now'>,
  ): Change[] {
    const of = refundOf(command.data);
    if (intent) {
      const differences = [...isOfNoOrder(intent), ...refundDiffers(intent, of)];
      if (differences.length > 0) throw new ContradictoryCommandError('RefundPayment', differences);
      return carryOut(intent, { kind: 'refund', of, by: askedBy(command) }, context).changes;
    }
    // A further charge follows a first one, in the same partition. Without it this payment must not be voided.
    if (of.kind !== 'all') throw new ContradictoryCommandError('RefundPayment', ['no charge of the order']);

    const voided = insert(PaymentIntent, {
      id: command.data.orderId,
      forOrder: true,
      amount: 0,
      currency: NO_CURRENCY,
      state: { status: 'VOIDED' },
      chargeCommand: null,
      refundCommand: null,
      ...NO_ATTEMPT,
      createdAt: DATABASE_NOW,
      updatedAt: DATABASE_NOW,
    });
    return [voided, ...answerRefund(command, voided.row, of, voided)];
  }
}

function refundOf({ chargeId, refundId, amount }: DataOf<typeof RefundPayment>): RefundOf {
  if (chargeId !== undefined) return { kind: 'charge', chargeId };
  if (refundId !== undefined && amount !== undefined) return { kind: 'amount', refundId, amount };
  return { kind: 'all' };
}
