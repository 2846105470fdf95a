import { describe, expect, it } from '@jest/globals';
import { ChargePayment, RefundPayment } from '@backstep/contracts';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import type { PaymentKit } from '../settle-payment/payment-service.fixture.spec.js';
import { eventsOf, hold, kit, provider, shareKit } from '../settle-payment/shared-kit.fixture.spec.js';
import { refunded, succeeded, tell } from './events.fixture.spec.js';

/**
 * Goal: whoever comes first with an outcome, the webhook, the worker that asks, or the repeat after a lost answer: the payment is settled once.
 * Method: the real worker and the stand-in; a worker is held at a pause point while the event of what it has done is stored.
 */
shareKit();

type Instance = ReturnType<PaymentKit['instance']>;

const charge = (paymentMethod = 'pm_card_visa') =>
  aMessage(ChargePayment, { orderId: newId(), amount: 4200, currency: 'EUR', paymentMethod });

/** The provider's own id of the payment. */
async function referenceOf(orderId: string): Promise<string> {
  const [payment, ...more] = await provider.paymentsOf(orderId);
  expect(more).toEqual([]);
  return payment?.id ?? '';
}

describe('a webhook before the answer', () => {
  it('a webhook settles a charge whose worker is held before it stores the answer; the worker finds it and ends its lease', async () => {
    const asking = hold('payment.after-provider-charge');
    const [one, two] = [kit.instance(provider.url), kit.instance(provider.url)];
    const command = charge();
    const { orderId } = command.data;
    await one.deliver(command);
    await asking.reached();
    expect(await tell(two, succeeded(orderId, { id: await referenceOf(orderId) }))).toBe('settled');
    const settled = await kit.row(orderId);
    expect(settled).toMatchObject({ status: 'CHARGED', attempts: 1, leased: true });

    asking.release();
    await one.stop();
    expect(await kit.row(orderId)).toEqual({ ...settled, leased: false });
    expect(await eventsOf(orderId, 1)).toEqual(['PaymentCharged']);
    expect(await kit.ledgerOf(orderId)).toHaveLength(2);
  });

  it('a refund that was requested meanwhile begins once the lease of the charge is over, and is made once', async () => {
    const asking = hold('payment.after-provider-charge');
    const [one, two] = [kit.instance(provider.url), kit.instance(provider.url)];
    const command = charge();
    const { orderId } = command.data;
    await one.deliver(command);
    await asking.reached();
    await two.deliver(aMessage(RefundPayment, { orderId }));
    expect(await tell(two, succeeded(orderId, { id: await referenceOf(orderId) }))).toBe('settled');
    expect(await kit.row(orderId)).toMatchObject({ status: 'REFUND_REQUESTED' });

    asking.release();
    await one.stop();
    await two.worker.sweep();
    await kit.until(orderId, 'REFUNDED');
    expect(await eventsOf(orderId, 2)).toEqual(['PaymentCharged', 'PaymentRefunded']);
    expect(await provider.paymentsOf(orderId)).toMatchObject([{ captured: 4200, refunded: 4200 }]);
    expect(await kit.ledgerOf(orderId)).toHaveLength(4);
  });

  it('a webhook settles a refund whose worker is held before it stores the answer', async () => {
    const [one, two] = [kit.instance(provider.url), kit.instance(provider.url)];
    const command = charge();
    const { orderId } = command.data;
    await one.deliver(command);
    const { providerReference } = await kit.until(orderId, 'CHARGED');
    const asking = hold('payment.after-provider-refund');
    await one.deliver(aMessage(RefundPayment, { orderId }));
    await asking.reached();
    expect(await tell(two, refunded(orderId, String(providerReference)))).toBe('settled');
    asking.release();
    await one.stop();
    expect(await kit.row(orderId)).toMatchObject({ status: 'REFUNDED', leased: false });
    expect(await eventsOf(orderId, 2)).toEqual(['PaymentCharged', 'PaymentRefunded']);
    expect(await kit.ledgerOf(orderId)).toHaveLength(4);
  });
});

describe('a webhook instead of an answer', () => {
  const lose = async (): Promise<{ orderId: string; reference: string; instance: Instance }> => {
    // The repeat is due long after the spec.
    const retry = { baseMs: 3_600_000, capMs: 3_600_000 };
    const instance = kit.instance(provider.url, { limits: { retry, timersMax: 0 } });
    const command = charge('pm_card_lostResponse');
    const { orderId } = command.data;
    await instance.deliver(command);
    await instance.stop();
    await kit.database.pool.query(
      `UPDATE payment_intent SET next_attempt_at = now() + interval '1 hour' WHERE id = $1`,
      [orderId],
    );
    expect(await kit.row(orderId)).toMatchObject({ status: 'CHARGE_REQUESTED', attempts: 1, leased: false });
    return { orderId, reference: await referenceOf(orderId), instance };
  };

  it('a webhook settles a charge whose answer was lost, and nothing is asked again', async () => {
    const { orderId, reference } = await lose();
    const other = kit.instance(provider.url);
    expect(await tell(other, succeeded(orderId, { id: reference }))).toBe('settled');
    await kit.age(orderId, '2 hours');
    await other.worker.sweep();
    await other.stop();
    expect(await kit.row(orderId)).toMatchObject({ status: 'CHARGED', attempts: 1, providerReference: reference });
    expect(await eventsOf(orderId, 1)).toEqual(['PaymentCharged']);
  });

  it('a webhook and the repeat at once settle a charge whose answer was lost, once', async () => {
    for (let round = 0; round < 10; round++) {
      const { orderId, reference } = await lose();
      await kit.age(orderId, '2 hours');
      const [one, two] = [kit.instance(provider.url), kit.instance(provider.url)];
      const event = succeeded(orderId, { id: reference });
      const [outcome, again] = await Promise.all([tell(two, event), tell(one, event), one.worker.sweep()]);
      await kit.until(orderId, 'CHARGED');
      await one.stop();
      await two.stop();
      expect(['settled', 'known', 'duplicate']).toEqual(expect.arrayContaining([outcome, again]));
      expect(await eventsOf(orderId, 1)).toEqual(['PaymentCharged']);
      expect(await kit.ledgerOf(orderId)).toHaveLength(2);
      expect(await kit.row(orderId)).toMatchObject({ leased: false, problem: null });
    }
  });

  it('a lease that is given back after the webhook leaves the settled payment as it is', async () => {
    const [one, two] = [kit.instance(provider.url), kit.instance(provider.url)];
    const asking = hold('payment.before-provider-charge');
    const command = charge('pm_card_lostResponse');
    const { orderId } = command.data;
    await one.deliver(command);
    await asking.reached();
    // As if the provider had told of it before the worker hears that its answer is lost.
    expect(await tell(two, succeeded(orderId))).toBe('settled');
    const settled = await kit.row(orderId);
    asking.release();
    await one.stop();
    expect(await kit.row(orderId)).toEqual({ ...settled, leased: false });
  });
});
