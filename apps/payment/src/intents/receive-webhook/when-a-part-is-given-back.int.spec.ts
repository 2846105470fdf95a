import { describe, expect, it } from '@jest/globals';
import { ChargePayment, RefundPayment } from '@backstep/contracts';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { eventsOf, heldAt, hold, kit, provider, shareKit } from '../settle-payment/shared-kit.fixture.spec.js';
import { refunded, tell } from './events.fixture.spec.js';

/**
 * Goal: a part of a charge that is given back is settled once, by whichever comes first: the answer, the webhook, or the repeat after a lost answer.
 * Method: the real worker and the stand-in; a card that loses the answers to its refunds; a worker that is held at a pause point while the event
 * of what it has done is stored.
 */
shareKit();

const CHARGED = 4200;
const LATER = { retry: { baseMs: 3_600_000, capMs: 3_600_000 }, timersMax: 0 };

const holdRefund = () => hold('payment.after-provider-refund');

async function charged(paymentMethod = 'pm_card_visa', limits = {}) {
  const one = kit.instance(provider.url, { limits });
  const command = aMessage(ChargePayment, { orderId: newId(), amount: CHARGED, currency: 'EUR', paymentMethod });
  const { orderId } = command.data;
  await one.deliver(command);
  const { providerReference } = await kit.until(orderId, 'CHARGED');
  return { one, orderId, reference: String(providerReference) };
}

/** What the provider tells when so much is given back of the first charge. */
const partTold = (orderId: string, reference: string, refundId: string, amount: number) =>
  refunded(orderId, reference, { amount_refunded: amount, refunded: false }, `refund:${refundId}:${orderId}`);

describe('a part of a charge that is given back', () => {
  it('a part whose worker is held before it stores the answer is settled by the webhook; the worker finds it and ends its lease', async () => {
    const { one, orderId, reference } = await charged();
    const two = kit.instance(provider.url);
    const refundId = newId();
    const asking = holdRefund();
    await one.deliver(aMessage(RefundPayment, { orderId, refundId, amount: 1_000 }));
    await asking.reached();
    expect(await tell(two, partTold(orderId, reference, refundId, 1_000))).toBe('settled');
    const settled = await kit.row(orderId);
    expect(settled).toMatchObject({ status: 'CHARGED', leased: true });
    asking.release();
    await one.stop();
    expect(await kit.row(orderId)).toEqual({ ...settled, leased: false });
    expect(await eventsOf(orderId, 2)).toEqual(['PaymentCharged', 'PaymentRefunded']);
    expect(await kit.ledgerOf(orderId)).toHaveLength(4);
    expect(await heldAt(orderId)).toEqual([[CHARGED, 1_000]]);
  });

  it('a part whose answer is lost is settled by the webhook, and nothing is asked again', async () => {
    const { one, orderId, reference } = await charged('pm_card_lostRefund', LATER);
    const refundId = newId();
    await one.deliver(aMessage(RefundPayment, { orderId, refundId, amount: 1_000 }));
    await one.stop();
    expect(await kit.row(orderId)).toMatchObject({ status: 'REFUND_REQUESTED', attempts: 1, leased: false });
    const two = kit.instance(provider.url);
    expect(await tell(two, partTold(orderId, reference, refundId, 1_000))).toBe('settled');
    await kit.age(orderId, '2 hours');
    await two.worker.sweep();
    await two.stop();
    expect(await kit.row(orderId)).toMatchObject({ status: 'CHARGED', problem: null });
    expect(await eventsOf(orderId, 2)).toEqual(['PaymentCharged', 'PaymentRefunded']);
    expect(await heldAt(orderId)).toEqual([[CHARGED, 1_000]]);
  });

  it('a part whose answer is lost is settled once by webhook and repeat at once', async () => {
    for (let round = 0; round < 10; round++) {
      const { one, orderId, reference } = await charged('pm_card_lostRefund', LATER);
      const refundId = newId();
      await one.deliver(aMessage(RefundPayment, { orderId, refundId, amount: 1_000 }));
      await one.stop();
      await kit.age(orderId, '2 hours');
      const [two, three] = [kit.instance(provider.url), kit.instance(provider.url)];
      const event = partTold(orderId, reference, refundId, 1_000);
      const [told, again] = await Promise.all([tell(two, event), tell(three, event), three.worker.sweep()]);
      await kit.until(orderId, 'CHARGED');
      await two.stop();
      await three.stop();
      expect(['settled', 'known', 'duplicate']).toEqual(expect.arrayContaining([told, again]));
      expect(await eventsOf(orderId, 2)).toEqual(['PaymentCharged', 'PaymentRefunded']);
      expect(await kit.ledgerOf(orderId)).toHaveLength(4);
      expect(await kit.row(orderId)).toMatchObject({ leased: false, problem: null });
    }
  });

  it('a refund that two charges give to goes on with the second after the webhook of the first', async () => {
    const { one, orderId } = await charged();
    const [chargeId, refundId] = [newId(), newId()];
    await one.deliver(
      aMessage(ChargePayment, { orderId, chargeId, amount: 250, currency: 'EUR', paymentMethod: 'pm_card_visa' }),
    );
    await kit.told(orderId, 2);
    const second = (await provider.paymentsOf(orderId)).find(({ captured }) => captured === 250);
    const two = kit.instance(provider.url);
    const asking = holdRefund();
    await one.deliver(aMessage(RefundPayment, { orderId, refundId, amount: 400 }));
    await asking.reached();
    const rest = { amount: 250, amount_refunded: 250, refunded: true };
    const event = refunded(orderId, String(second?.id), rest, `refund:${refundId}:${chargeId}`);
    expect(await tell(two, event)).toBe('settled');
    expect(await kit.row(orderId)).toMatchObject({ status: 'REFUND_REQUESTED' });
    asking.release();
    await one.stop();
    await two.worker.sweep();
    await kit.until(orderId, 'CHARGED');
    expect((await kit.told(orderId, 3))[2]).toMatchObject({ type: 'PaymentRefunded', data: { amount: 400 } });
    expect(await tell(two, event)).toBe('duplicate');
    expect((await heldAt(orderId)).sort()).toEqual([
      [250, 250],
      [CHARGED, 150],
    ]);
  });
});
