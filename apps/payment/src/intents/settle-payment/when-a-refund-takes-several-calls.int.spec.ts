import { describe, expect, it } from '@jest/globals';
import { armPausePoints } from '@backstep/resilience';
import { ChargePayment, RefundPayment } from '@backstep/contracts';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { waitUntil } from '@backstep/testing';
import { leaseDue } from './leases.js';
import { heldAt, kit, provider, shareKit } from './shared-kit.fixture.spec.js';

/**
 * Goal: a refund that two charges give to is carried out once, wherever its worker dies.
 * Method: a payment of two charges at the real stand-in; a worker is held at a pause point as if its process had died there; the clock of its lease
 * is put forward, and another instance goes on.
 */
shareKit();

const ANSWER_MS = 10_000;

/** Captured 1,000 and then 250. */
async function chargedTwice() {
  const one = kit.instance(provider.url);
  const orderId = newId();
  const chargeId = newId();
  const card = { currency: 'EUR', paymentMethod: 'pm_card_visa' };
  await one.deliver(aMessage(ChargePayment, { orderId, amount: 1_000, ...card }));
  await kit.until(orderId, 'CHARGED');
  await one.deliver(aMessage(ChargePayment, { orderId, chargeId, amount: 250, ...card }));
  await kit.told(orderId, 2);
  return { one, orderId, chargeId };
}

/** Holds whoever comes to a pause point for the nth time, until let go. */
function holdNth(point: string, nth: number): { reached(): Promise<unknown>; release(): void } {
  let came = 0;
  let letGo: (() => void) | undefined;
  armPausePoints((name) => {
    if (name !== point || ++came !== nth) return Promise.resolve();
    return new Promise((resolve) => (letGo = resolve));
  });
  return { reached: () => waitUntil(`somebody at ${point}`, () => came >= nth), release: () => letGo?.() };
}

describe('a refund that two charges give to', () => {
  it.each([
    ['before its first call', 'payment.before-provider-refund', 1],
    ['before the first outcome is stored', 'payment.after-provider-refund', 1],
    ['between the first outcome and the second call', 'payment.before-provider-refund', 2],
    ['before the second outcome is stored', 'payment.after-provider-refund', 2],
  ])('a refund whose worker dies %s gives back the amount once', async (_, point, nth) => {
    const { one, orderId } = await chargedTwice();
    const two = kit.instance(provider.url);
    const dying = holdNth(point, nth);
    await one.deliver(aMessage(RefundPayment, { orderId, refundId: newId(), amount: 400 }));
    await dying.reached();
    await kit.age(orderId, '1 minute');
    await two.worker.sweep();
    const events = await kit.told(orderId, 3);
    expect(events[2]).toMatchObject({ type: 'PaymentRefunded', data: { amount: 400 } });
    dying.release();
    await one.stop();
    expect(await heldAt(orderId)).toEqual([
      [1_000, 150],
      [250, 250],
    ]);
    expect(await kit.row(orderId)).toMatchObject({ status: 'CHARGED' });
    const clearing = (await kit.ledgerOf(orderId)).filter(({ account }) => account === 'provider_clearing');
    expect(clearing.map(({ amount }) => amount).sort((a, b) => a - b)).toEqual([-250, -150, 250, 1_000]);
    expect(await kit.told(orderId, 3)).toHaveLength(3);
  });

  it('the compensation of all gives back what the amounts have left', async () => {
    const { one, orderId } = await chargedTwice();
    await one.deliver(
      aMessage(RefundPayment, { orderId, refundId: newId(), amount: 400 }),
      aMessage(RefundPayment, { orderId }),
    );
    await kit.until(orderId, 'REFUNDED');
    const events = await kit.told(orderId, 4);
    expect(events.slice(2).map(({ data }) => data['amount'])).toEqual([400, 1_250]);
    expect(await heldAt(orderId)).toEqual([
      [1_000, 1_000],
      [250, 250],
    ]);
  });
});

describe('a refund that nobody answers', () => {
  const due = async (refund: { readonly refundId?: string; readonly amount?: number }) => {
    const { one, orderId } = await chargedTwice();
    await one.stop();
    const idle = kit.instance(provider.url, { limits: { queueMax: 0, leaseMax: 0 } });
    await idle.deliver(aMessage(RefundPayment, { orderId, ...refund }));
    await idle.stop();
    await kit.age(orderId, '23 hours 1 minute');
    return (await leaseDue(idle.parts, 10)).map(({ id }) => id).includes(orderId);
  };

  it(
    'a refund of a part of a charge is left to a person when its key may have expired at the provider',
    async () => expect(await due({ refundId: newId(), amount: 100 })).toBe(false),
    ANSWER_MS,
  );

  it('a refund that leaves nothing of its charges is asked for as long as it takes', async () => {
    expect(await due({ refundId: newId(), amount: 250 })).toBe(true);
    expect(await due({})).toBe(true);
  });
});
