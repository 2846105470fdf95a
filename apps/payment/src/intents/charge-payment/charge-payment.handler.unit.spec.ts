import { describe, expect, it } from '@jest/globals';
import { ChargePayment, PaymentCharged, PaymentDeclined } from '@backstep/contracts';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { takes } from '@backstep/locks';
import { ContradictoryCommandError, afterCommit, type RowChange } from '@backstep/unit-of-work';
import { DATABASE_NOW } from '../../moment.js';
import type { PaymentIntent } from '../payment-intent/payment-intent.entity.js';
import type { PaymentState } from '../payment-intent/payment-intent.rules.js';
import { ProviderCallDue } from '../settle-payment/provider-call-due.js';
import { ChargePaymentHandler } from './charge-payment.handler.js';

const handler = new ChargePaymentHandler();
const context = { newId: () => 'holder', now: 1 };
const aCharge = (amount = 4200) =>
  aMessage(ChargePayment, { orderId: newId(), amount, currency: 'EUR', paymentMethod: 'pm_card_visa' });

describe('ChargePayment', () => {
  it('ChargePayment needs one row: the payment has the id of its order', () => {
    const command = aCharge();
    expect(handler.needs(command)).toMatchObject({ intent: { kind: 'one', key: command.data.orderId } });
  });

  it('ChargePayment stores and leases the charge in one commit, and is answered after the provider', () => {
    const command = aCharge();
    const [requested, ...more] = handler.decide(command, { intent: undefined }, context);
    const lease = { name: `payment/${command.data.orderId}`, holder: 'holder', epoch: undefined };
    const { id, forOrder, amount, currency, state, chargeCommand, attempts } = (requested as RowChange<PaymentIntent>)
      .row;
    const called = { id, forOrder, amount, currency, state, chargeCommand, attempts, lease };
    expect(more).toEqual([takes(lease, { leaseMs: 10_000 }), afterCommit(ProviderCallDue, called)]);
    expect(requested).toEqual(
      expect.objectContaining({
        change: 'insert',
        row: expect.objectContaining({
          id: command.data.orderId,
          forOrder: true,
          amount: 4200,
          currency: 'EUR',
          state: { status: 'CHARGE_REQUESTED', paymentMethod: 'pm_card_visa', refundWanted: false },
          chargeCommand: { id: command.id, sagaId: command.sagaId, commandId: command.commandId },
          attempts: 1,
          nextAttemptAt: DATABASE_NOW,
        }),
      }),
    );
  });

  it('ChargePayment of zero is answered at once, without the provider', () => {
    const [requested, answer, ...more] = handler.decide(aCharge(0), { intent: undefined }, context);
    expect(more).toEqual([]);
    expect(requested).toMatchObject({ row: { state: { status: 'CHARGED', providerReference: null }, attempts: 0 } });
    expect(answer).toMatchObject({ definition: PaymentCharged, data: { amount: 0, providerReference: '' } });
  });

  it.each<[string, PaymentState, object | undefined]>([
    ['under way', { status: 'CHARGE_REQUESTED', paymentMethod: 'pm_card_visa', refundWanted: false }, undefined],
    [
      'made',
      { status: 'CHARGED', providerReference: 'pi_1' },
      { definition: PaymentCharged, data: { providerReference: 'pi_1' } },
    ],
    [
      'refused',
      { status: 'CHARGE_FAILED', failure: { reason: 'expired_card', message: 'Expired.' } },
      { definition: PaymentDeclined, data: { reason: 'expired_card', message: 'Expired.' } },
    ],
    [
      'being given back',
      { status: 'REFUND_REQUESTED', providerReference: 'pi_1' },
      { data: { reason: 'refunded_first' } },
    ],
    ['given back', { status: 'REFUNDED', providerReference: 'pi_1' }, { data: { reason: 'refunded_first' } }],
    ['voided', { status: 'VOIDED' }, { definition: PaymentDeclined, data: { reason: 'refunded_first' } }],
  ])('a repeated ChargePayment for a payment that is %s changes nothing', (_, state, answer) => {
    const command = aCharge();
    const intent = { id: command.data.orderId, forOrder: true, amount: 4200, currency: 'EUR', state } as PaymentIntent;
    const changes = handler.decide(command, { intent }, context);
    expect(changes.map(({ change }) => change)).toEqual(answer ? ['send'] : []);
    if (answer) {
      expect(changes[0]).toMatchObject({
        ...answer,
        metadata: { sagaId: command.sagaId, commandId: command.commandId, causationId: command.id },
      });
    }
  });

  it.each<[string, PaymentState, object]>([
    ['another amount', { status: 'CHARGED', providerReference: 'pi_1' }, { amount: 4201 }],
    ['another currency', { status: 'CHARGED', providerReference: 'pi_1' }, { currency: 'USD' }],
    ['nothing', { status: 'CHARGED', providerReference: 'pi_1' }, { amount: 0 }],
    [
      'more, of a refused payment',
      { status: 'CHARGE_FAILED', failure: { reason: 'r', message: 'm' } },
      { amount: 9_999 },
    ],
    ['more, of a payment that was given back', { status: 'REFUNDED', providerReference: 'pi_1' }, { amount: 9_999 }],
    [
      'the same from another card, while it is under way',
      { status: 'CHARGE_REQUESTED', paymentMethod: 'pm_card_visa', refundWanted: false },
      { paymentMethod: 'pm_card_other' },
    ],
  ])(
    'a ChargePayment for %s contradicts the stored payment and is not answered, under any command id',
    (_, state, other) => {
      const { data } = aCharge();
      const intent = { id: data.orderId, forOrder: true, amount: 4200, currency: 'EUR', state } as PaymentIntent;
      const command = aMessage(ChargePayment, { ...data, ...other });
      expect(() => handler.decide(command, { intent }, context)).toThrow(ContradictoryCommandError);
      expect(() => handler.decide(command, { intent }, context)).not.toThrow(/pm_card/);
    },
  );

  it('a ChargePayment for an intent of no order contradicts, since no order is charged with it', () => {
    const command = aCharge();
    const state = { status: 'CREATED', paymentMethod: null };
    const intent = { id: command.data.orderId, forOrder: false, amount: 4200, currency: 'EUR', state } as PaymentIntent;
    expect(() => handler.decide(command, { intent }, context)).toThrow(ContradictoryCommandError);
  });
});
