import { describe, expect, it } from '@jest/globals';
import { armPausePoints } from '@backstep/resilience';
import { ChargePayment, RefundPayment } from '@backstep/contracts';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { giveBack, leaseDue, type Leased } from './leases.js';
import { SettlePaymentHandler } from './settle-payment.handler.js';
import type { Hold } from './payment-service.fixture.spec.js';
import { eventsOf, hold, kit, provider, shareKit } from './shared-kit.fixture.spec.js';

/**
 * Goal: a worker may stop anywhere, for ever or for a while, and money moves once.
 * Method: a worker is held at a pause point as if its process had died there; the clock of its lease is put forward; another instance goes on.
 */
shareKit();

const charge = (amount = 4200) =>
  aMessage(ChargePayment, { orderId: newId(), amount, currency: 'EUR', paymentMethod: 'pm_card_visa' });

describe('a worker that dies', () => {
  it.each(['payment.before-provider-charge', 'payment.after-provider-charge'])(
    'a worker that dies at %s leaves a lease: another instance charges once, the first one changes nothing',
    async (point) => {
      const dying = hold(point);
      const [one, two] = [kit.instance(provider.url), kit.instance(provider.url)];
      const command = charge();
      const { orderId } = command.data;
      await one.deliver(command);
      await dying.reached();

      await two.worker.sweep();
      expect(await kit.row(orderId)).toMatchObject({ status: 'CHARGE_REQUESTED', leased: true });
      await kit.age(orderId, '1 minute');
      await two.worker.sweep();
      const settled = await kit.until(orderId, 'CHARGED');
      // The ask that died counts.
      expect(settled).toMatchObject({ attempts: 2 });

      dying.release();
      await one.stop();
      expect(await kit.row(orderId)).toEqual(settled);
      expect(await eventsOf(orderId, 1)).toEqual(['PaymentCharged']);
      expect(await kit.ledgerOf(orderId)).toHaveLength(2);
      expect(await provider.paymentsOf(orderId)).toMatchObject([{ captured: 4200 }]);
    },
  );

  it('the attempts of workers that die again and again are counted', async () => {
    const points = ['payment.before-provider-charge', 'payment.after-provider-charge'];
    const command = charge();
    const { orderId } = command.data;
    const dead: { held: Hold; stop: () => Promise<void> }[] = [];
    for (const [died, point] of points.entries()) {
      const held = hold(point);
      const { deliver, worker, stop } = kit.instance(provider.url);
      dead.push({ held, stop });
      if (died === 0) await deliver(command);
      else await worker.sweep();
      await held.reached();
      expect(await kit.row(orderId)).toMatchObject({ status: 'CHARGE_REQUESTED', attempts: died + 1 });
      await kit.age(orderId, '1 minute');
    }
    armPausePoints(undefined);
    await kit.instance(provider.url).worker.sweep();
    expect(await kit.until(orderId, 'CHARGED')).toMatchObject({ attempts: 3 });
    for (const { held, stop } of dead) {
      held.release();
      await stop();
    }
    expect(await kit.row(orderId)).toMatchObject({ attempts: 3 });
  });

  it('a worker that dies between refund and commit: the money is given back once', async () => {
    const [one, two] = [kit.instance(provider.url), kit.instance(provider.url)];
    const command = charge();
    const { orderId } = command.data;
    await one.deliver(command);
    await kit.until(orderId, 'CHARGED');
    const dying = hold('payment.after-provider-refund');
    await one.deliver(aMessage(RefundPayment, { orderId }));
    await dying.reached();
    await kit.age(orderId, '1 minute');
    await two.worker.sweep();
    await kit.until(orderId, 'REFUNDED');
    dying.release();
    await one.stop();
    expect(await eventsOf(orderId, 2)).toEqual(['PaymentCharged', 'PaymentRefunded']);
    expect(await kit.ledgerOf(orderId)).toHaveLength(4);
    expect(await provider.paymentsOf(orderId)).toMatchObject([{ captured: 4200, refunded: 4200 }]);
  });
});

describe('a refund while the charge is under way', () => {
  it('a refund during a charge waits for it and then gives it back', async () => {
    const charging = hold('payment.after-provider-charge');
    const { deliver } = kit.instance(provider.url);
    const command = charge();
    const { orderId } = command.data;
    await deliver(command);
    await charging.reached();
    await deliver(aMessage(RefundPayment, { orderId }));
    expect(await kit.row(orderId)).toMatchObject({ status: 'CHARGE_REQUESTED', leased: true, version: 2 });
    charging.release();
    await kit.until(orderId, 'REFUNDED');
    expect(await eventsOf(orderId, 2)).toEqual(['PaymentCharged', 'PaymentRefunded']);
    expect(await provider.paymentsOf(orderId)).toMatchObject([{ captured: 4200, refunded: 4200 }]);
  });
});

describe('a worker that stops', () => {
  it('a worker that stops releases the leases of requests not begun, and finishes the others', async () => {
    const busy = hold('payment.before-provider-charge');
    const one = kit.instance(provider.url, { limits: { concurrency: 1 } });
    const [first, second] = [charge(), charge()];
    await one.deliver(first, second);
    await busy.reached();
    const stopped = one.stop();
    await kit.until(second.data.orderId, 'CHARGE_REQUESTED');
    const two = kit.instance(provider.url);
    await two.worker.sweep();
    busy.release();
    await stopped;
    expect(await kit.row(first.data.orderId)).toMatchObject({ status: 'CHARGED' });
    await two.worker.sweep();
    await kit.until(second.data.orderId, 'CHARGED');
  });

  it('a worker that has stopped releases leases that are committed later', async () => {
    const [one, two] = [kit.instance(provider.url), kit.instance(provider.url)];
    await one.worker.stop(0);
    const command = charge();
    await one.deliver(command);
    await one.stop();
    expect(await kit.row(command.data.orderId)).toMatchObject({
      status: 'CHARGE_REQUESTED',
      leased: false,
      attempts: 0,
    });
    await two.worker.sweep();
    await kit.until(command.data.orderId, 'CHARGED');
  });
});

describe('more than there is room for', () => {
  it('a lease beyond the worker’s bound is released, and taken again when there is room', async () => {
    const one = kit.instance(provider.url, { limits: { concurrency: 2, queueMax: 3, leaseMax: 4 } });
    const commands = Array.from({ length: 40 }, () => charge());
    await one.deliver(...commands);
    for (const { data } of commands) await kit.until(data.orderId, 'CHARGED');
  });

  it('a request that waits longer than its lease allows is released without a call to the provider', async () => {
    const late = kit.instance(provider.url, { limits: { beginWithinMs: 0 } });
    const command = charge();
    const { orderId } = command.data;
    await late.deliver(command);
    await late.stop();
    expect(await kit.row(orderId)).toMatchObject({ status: 'CHARGE_REQUESTED', attempts: 0, leased: false });
    expect(await provider.paymentsOf(orderId)).toEqual([]);
    await kit.instance(provider.url).worker.sweep();
    await kit.until(orderId, 'CHARGED');
  });
});

describe('leases', () => {
  const noWorker = () => kit.instance(provider.url, { limits: { queueMax: 0, leaseMax: 0 } });

  it('a lease is given to one of ten concurrent workers', async () => {
    const one = noWorker();
    const commands = Array.from({ length: 50 }, () => charge());
    await one.deliver(...commands);
    await one.stop();
    const leased = (await Promise.all(Array.from({ length: 10 }, () => leaseDue(one.parts, 10)))).flat();
    const ours = leased.filter(({ id }) => commands.some(({ data }) => data.orderId === id));
    expect(new Set(leased.map(({ id }) => id)).size).toBe(leased.length);
    expect(ours).toHaveLength(50);
    await giveBack(
      one.parts,
      leased.map(({ id, lease }) => ({ id, lease, asked: false, dueInMs: 3_600_000 })),
    );
  });

  it('a lease is taken by the instance that is responsible for the payment alone', async () => {
    const one = noWorker();
    const commands = [charge(), charge()];
    await one.deliver(...commands);
    await one.stop();
    const [own] = commands.map(({ data }) => data.orderId);
    const leased = await leaseDue({ ...one.parts, isOurs: (id) => id === own }, 10);
    expect(leased.map(({ id }) => id)).toEqual([own]);
    const others = await leaseDue({ ...one.parts, isOurs: (id) => id !== own }, 10);
    expect(others.map(({ id }) => id)).toEqual([commands[1]?.data.orderId]);
    await giveBack(
      one.parts,
      [...leased, ...others].map(({ id, lease }) => ({ id, lease, asked: false, dueInMs: 3_600_000 })),
    );
  });

  it('a lease is released by its holder only', async () => {
    const one = noWorker();
    const command = charge();
    const { orderId: id } = command.data;
    await one.deliver(command);
    await one.stop();
    const [mine] = await leaseDue(one.parts, 1);
    expect(mine).toMatchObject({ id, amount: 4200, state: { paymentMethod: 'pm_card_visa' } });
    const { lease } = mine as Leased;
    await giveBack(one.parts, [{ id, lease: { ...lease, holder: newId() }, asked: true, dueInMs: 0 }]);
    expect(await kit.row(id)).toMatchObject({ leased: true, attempts: 1 });
    await giveBack(one.parts, [{ id, lease, asked: true, dueInMs: 3_600_000 }]);
    const given = await kit.row(id);
    expect(given).toMatchObject({ leased: false, attempts: 1 });
    await giveBack(one.parts, [{ id, lease, asked: true, dueInMs: 0 }]);
    expect(await kit.row(id)).toEqual(given);
    expect(await leaseDue(one.parts, 10)).toEqual([]);
  });

  it('an outcome is stored by the worker that holds the lease, and by no other', async () => {
    const one = noWorker();
    const command = charge();
    const { orderId } = command.data;
    await one.deliver(command);
    await one.stop();
    const { unitOfWork } = noWorker();
    const [late] = (await leaseDue(one.parts, 1)) as [Leased];
    await kit.age(orderId, '1 minute');
    const [mine] = (await leaseDue(one.parts, 1)) as [Leased];
    const settle = ({ lease }: Leased) =>
      unitOfWork.request(new SettlePaymentHandler(), {
        paymentIntentId: orderId,
        outcome: { kind: 'captured', providerReference: 'pi_1' },
        lease,
      });
    await expect(settle(late)).rejects.toMatchObject({ name: 'FenceError', names: [`payment/${orderId}`] });
    expect(await kit.row(orderId)).toMatchObject({ status: 'CHARGE_REQUESTED', leased: true });
    await settle(mine);
    expect(await kit.row(orderId)).toMatchObject({ status: 'CHARGED', leased: false });
    await settle(late);
  });

  it('a lease of the version before, which is in the row, is honoured', async () => {
    const one = noWorker();
    const command = charge();
    const { orderId } = command.data;
    await one.deliver(command);
    await one.stop();
    const leasedSince = (interval: string) =>
      kit.database.pool.query(
        'UPDATE payment_intent SET leased_at = now() - $2::interval, version = version + 1 WHERE id = $1',
        [orderId, interval],
      );
    await leasedSince('1 second');
    expect(await leaseDue(one.parts, 10)).toEqual([]);
    await leasedSince('11 seconds');
    expect(await leaseDue(one.parts, 10)).toMatchObject([{ id: orderId }]);
    await kit.age(orderId, '23 hours 1 minute');
  });

  it('a lease is not given for a charge whose idempotency key may have expired at the provider', async () => {
    const one = noWorker();
    const command = charge();
    await one.deliver(command);
    await one.stop();
    await kit.age(command.data.orderId, '23 hours 1 minute');
    expect(await leaseDue(one.parts, 10)).toEqual([]);
    await one.parts.metrics.collect(kit.executor);
    expect(await one.metrics.scrape()).toMatch(
      /backstep_payments_pending_oldest_age_seconds\{status="CHARGE_REQUESTED".*\} 8\d{4}/,
    );
  });
});

describe('the ledger table', () => {
  const insert = (rows: string) => kit.database.pool.query(`INSERT INTO ledger_entry VALUES ${rows}`);
  const entry = (transaction: string, amount: number, currency = 'EUR') =>
    `('${newId()}', '${transaction}', 'order_revenue', '${newId()}', ${amount}, '${currency}', now(), 1)`;

  it('the ledger table accepts only transactions that add up to zero, in one currency', async () => {
    const id = newId();
    await expect(insert(entry(id, 5))).rejects.toThrow('does not add up');
    await expect(insert([entry(id, 5), entry(id, -4)].join())).rejects.toThrow('does not add up');
    await expect(insert([entry(id, 5), entry(id, -5, 'USD')].join())).rejects.toThrow('does not add up');
    await insert([entry(id, 5), entry(id, -5)].join());
  });

  it('the ledger table refuses to change or delete entries', async () => {
    await expect(kit.database.pool.query('UPDATE ledger_entry SET amount = 1')).rejects.toThrow('never changed');
    await expect(kit.database.pool.query('DELETE FROM ledger_entry')).rejects.toThrow('never changed');
  });
});
