import { describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { PaymentRefunded, RefundPayment } from '@backstep/contracts';
import { aMessage } from '@backstep/messages/testing';
import { takes } from '@backstep/locks';
import { afterCommit, type RowChange } from '@backstep/unit-of-work';
import { DATABASE_NOW } from '../../moment.js';
import type { PaymentIntent } from '../payment-intent/payment-intent.entity.js';
import type { PaymentState } from '../payment-intent/payment-intent.rules.js';
import { ProviderCallDue } from '../settle-payment/provider-call-due.js';
import { RefundPaymentHandler } from './refund-payment.handler.js';

const handler = new RefundPaymentHandler();
const command = aMessage(RefundPayment, { orderId: newId() });
const context = { sagaId: command.sagaId, commandId: command.commandId };
const decideContext = { newId: () => 'holder', now: 1 };
const intentThatIs = (state: PaymentState, amount = 4200) =>
  ({
    id: command.data.orderId,
    forOrder: true,
    amount,
    currency: 'EUR',
    state,
    attempts: 1,
    version: 2,
  }) as PaymentIntent;

describe('RefundPayment', () => {
  it('a RefundPayment that comes before its charge voids the payment and is answered', () => {
    const [voided, answer, ...more] = handler.decide(command, { intent: undefined }, decideContext);
    expect(voided).toMatchObject({
      change: 'insert',
      row: { state: { status: 'VOIDED' }, currency: 'XXX', attempts: 0 },
    });
    expect(answer).toMatchObject({
      definition: PaymentRefunded,
      data: { amount: 0, currency: 'XXX' },
      metadata: context,
    });
    expect(more).toEqual([]);
  });

  it('a RefundPayment during the charge is stored, and leaves the lease of the charge alone', () => {
    const intent = intentThatIs({ status: 'CHARGE_REQUESTED', paymentMethod: 'pm', refundWanted: false });
    const [remembered, ...more] = handler.decide(command, { intent }, decideContext);
    expect(remembered).toMatchObject({
      row: { state: { refundWanted: true }, refundCommand: { id: command.id, ...context } },
    });
    expect(remembered).not.toHaveProperty('row.nextAttemptAt');
    expect(more).toEqual([]);
  });

  it('a RefundPayment stores and leases the refund in one commit, and is answered after the provider', () => {
    const [requested, ...more] = handler.decide(
      command,
      { intent: intentThatIs({ status: 'CHARGED', providerReference: 'pi_1' }) },
      decideContext,
    );
    const lease = { name: `payment/${command.data.orderId}`, holder: 'holder', epoch: undefined };
    const { id, forOrder, amount, currency, state, chargeCommand, attempts } = (requested as RowChange<PaymentIntent>)
      .row;
    const called = { id, forOrder, amount, currency, state, chargeCommand, attempts, lease };
    expect(more).toEqual([takes(lease, { leaseMs: 10_000 }), afterCommit(ProviderCallDue, called)]);
    expect(requested).toMatchObject({
      change: 'update',
      row: {
        state: { status: 'REFUND_REQUESTED', providerReference: 'pi_1' },
        refundCommand: { id: command.id, ...context },
        nextAttemptAt: DATABASE_NOW,
        attempts: 1,
      },
    });
  });

  it('a RefundPayment of a zero charge is done at once', () => {
    const [done, answer] = handler.decide(
      command,
      {
        intent: intentThatIs({ status: 'CHARGED', providerReference: null }, 0),
      },
      decideContext,
    );
    expect(done).toMatchObject({ row: { state: { status: 'REFUNDED' } } });
    expect(answer).toMatchObject({ definition: PaymentRefunded, data: { amount: 0, currency: 'EUR' } });
  });

  it.each<[string, PaymentState, number | undefined]>([
    ['asked already', { status: 'CHARGE_REQUESTED', paymentMethod: 'pm', refundWanted: true }, undefined],
    ['under way', { status: 'REFUND_REQUESTED', providerReference: 'pi_1' }, undefined],
    ['made', { status: 'REFUNDED', providerReference: 'pi_1' }, 4200],
    ['needless', { status: 'CHARGE_FAILED', failure: { reason: 'r', message: 'm' } }, 0],
    ['needless, for it came first', { status: 'VOIDED' }, 0],
  ])('a RefundPayment that is %s changes nothing', (_, state, amount) => {
    const changes = handler.decide(command, { intent: intentThatIs(state) }, decideContext);
    expect(changes.map(({ change }) => change)).toEqual(amount === undefined ? [] : ['send']);
    if (amount !== undefined)
      expect(changes[0]).toMatchObject({ definition: PaymentRefunded, data: { amount }, metadata: context });
  });
});
