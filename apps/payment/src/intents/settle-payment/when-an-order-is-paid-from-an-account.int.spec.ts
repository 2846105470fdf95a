import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ChargePayment, RefundPayment } from '@backstep/contracts';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { armPausePoints } from '@backstep/resilience';
import { waitUntil } from '@backstep/testing';
import { OpenAccountHandler } from '../../accounts/open-account/open-account.handler.js';
import { transferMoney } from '../../accounts/transfer/transfer-money.handler.js';
import { Hold, PaymentKit } from './payment-service.fixture.spec.js';

/**
 * Goal: an order that is paid from an account takes its total from it once, gives it back once, and is declined where the account does not
 * cover it; and the provider is never called.
 * Method: the handlers and the worker on a real PostgreSQL, with two instances; there is no provider at all.
 */
const NO_PROVIDER = 'http://127.0.0.1:1';
let kit: PaymentKit;
let one: ReturnType<PaymentKit['instance']>;
let two: ReturnType<PaymentKit['instance']>;
beforeAll(async () => {
  kit = await PaymentKit.start();
  [one, two] = [kit.instance(NO_PROVIDER), kit.instance(NO_PROVIDER)];
});
afterAll(() => kit.stop());

async function open(openingBalance: number, { currency = 'EUR', overdraftLimit = 0 } = {}): Promise<string> {
  const id = newId();
  await one.unitOfWork.request(new OpenAccountHandler(), { id, currency, openingBalance, overdraftLimit });
  return id;
}

async function balance(id: string): Promise<number> {
  const { rows } = await kit.database.pool.query<{ balance: number; added: number }>(
    `SELECT balance::float8 AS balance, (SELECT -sum(amount) FROM ledger_entry WHERE account = 'account:' || $1)::float8 AS added FROM account WHERE id = $1::uuid`,
    [id],
  );
  expect(rows[0]?.balance).toBe(rows[0]?.added);
  return rows[0]?.balance ?? NaN;
}

/** The events of an order, without those that the relays of two instances have both sent. */
async function told(orderId: string, count: number) {
  const all = await kit.told(orderId, count);
  return [...new Map(all.map((event) => [event.headers['ce_id'], event])).values()];
}

const charge = (account: string, amount: number, orderId = newId()) =>
  aMessage(ChargePayment, { orderId, amount, currency: 'EUR', paymentMethod: `account:${account}` });

describe('an order that is paid from an account', () => {
  it('an order takes its total from the account, and its compensation gives it back', async () => {
    const account = await open(10_000);
    const command = charge(account, 4_200);
    const { orderId } = command.data;
    await one.deliver(command);
    expect(await kit.until(orderId, 'CHARGED')).toMatchObject({ providerReference: `account:${account}` });
    expect(await balance(account)).toBe(5_800);
    await two.deliver(aMessage(RefundPayment, { orderId }));
    await kit.until(orderId, 'REFUNDED');
    expect(await balance(account)).toBe(10_000);
    const events = await waitUntil('both events', async () => {
      const found = await told(orderId, 2);
      return found.length === 2 && found;
    });
    expect(events).toMatchObject([
      { type: 'PaymentCharged', data: { amount: 4_200, providerReference: `account:${account}` } },
      { type: 'PaymentRefunded', data: { amount: 4_200 } },
    ]);
    expect(await kit.ledgerOf(orderId)).toEqual(
      expect.arrayContaining([
        { account: `account:${account}`, amount: 4_200 },
        { account: 'order_revenue', amount: -4_200 },
        { account: `account:${account}`, amount: -4_200 },
        { account: 'order_revenue', amount: 4_200 },
      ]),
    );
  });

  it('an order that its account has paid twice gives back parts of both charges, and then all', async () => {
    const account = await open(1_000);
    const first = charge(account, 500);
    const { orderId } = first.data;
    const { currency, paymentMethod } = first.data;
    const chargeId = newId();
    await one.deliver(first);
    await kit.until(orderId, 'CHARGED');
    await one.deliver(aMessage(ChargePayment, { orderId, chargeId, amount: 200, currency, paymentMethod }));
    await kit.told(orderId, 2);
    expect(await balance(account)).toBe(300);
    await one.deliver(aMessage(RefundPayment, { orderId, refundId: newId(), amount: 250 }));
    await waitUntil('the part is given back', async () => (await balance(account)) === 550);
    await two.deliver(aMessage(RefundPayment, { orderId }));
    await kit.until(orderId, 'REFUNDED');
    expect(await balance(account)).toBe(1_000);
    const events = await waitUntil('all four events', async () => {
      const found = await told(orderId, 4);
      return found.length === 4 && found;
    });
    expect(events.map(({ type, data }) => [type, data['amount']])).toEqual([
      ['PaymentCharged', 500],
      ['PaymentCharged', 200],
      ['PaymentRefunded', 250],
      ['PaymentRefunded', 700],
    ]);
  });

  it.each([
    ['that does not cover it', () => open(99, { overdraftLimit: 900 }), 'insufficient_funds'],
    ['of another currency', () => open(5_000, { currency: 'USD' }), 'other_currency'],
    ['that nobody has opened', () => Promise.resolve(newId()), 'unknown_account'],
  ])('an order is declined with an account %s', async (_, account, reason) => {
    const command = charge(await account(), 1_000);
    await one.deliver(command);
    await kit.until(command.data.orderId, 'CHARGE_FAILED');
    expect(await told(command.data.orderId, 1)).toMatchObject([{ type: 'PaymentDeclined', data: { reason } }]);
  });

  it('a compensation that comes before its charge keeps the account as it was', async () => {
    const account = await open(1_000);
    const command = charge(account, 1_000);
    await one.deliver(aMessage(RefundPayment, { orderId: command.data.orderId }));
    await one.deliver(command);
    expect(await told(command.data.orderId, 2)).toMatchObject([
      { type: 'PaymentRefunded' },
      { type: 'PaymentDeclined' },
    ]);
    expect(await balance(account)).toBe(1_000);
  });

  it('orders and transfers of one account at once, by two instances, take no more than the account covers', async () => {
    const [account, other] = [await open(1_000, { overdraftLimit: 50 }), await open(1)];
    const orders = Array.from({ length: 12 }, () => charge(account, 100));
    const move = () => ({ id: newId(), from: account, to: other, amount: 100, currency: 'EUR', reference: null });
    const [, , ...moved] = await Promise.all([
      one.deliver(...orders.slice(0, 6)),
      two.deliver(...orders.slice(6)),
      ...Array.from({ length: 6 }, (_, n) => [one, two][n % 2]!.unitOfWork.request(transferMoney, move())),
    ]);
    const paid = await Promise.all(orders.map(({ data }) => kit.until(data.orderId, 'CHARGED', 'CHARGE_FAILED')));
    const takers = [
      ...paid.filter(({ status }) => status === 'CHARGED'),
      ...moved.filter(({ status }) => status === 'APPLIED'),
    ];
    expect(takers).toHaveLength(10);
    expect(await balance(account)).toBe(0);
  });

  it('an instance that dies after it has stored the charge, and before it takes the money, leaves it to another', async () => {
    const account = await open(1_000);
    const command = charge(account, 300);
    const { orderId } = command.data;
    const asleep = new Hold('payment.before-provider-charge');
    armPausePoints(asleep.listener);
    await one.deliver(command);
    await asleep.reached();
    await kit.age(orderId, '11 seconds');
    await two.worker.sweep();
    await kit.until(orderId, 'CHARGED');
    expect(await balance(account)).toBe(700);
    // It wakes after all, and finds the charge settled.
    armPausePoints(undefined);
    asleep.release();
    await one.worker.stop(5_000);
    expect(await balance(account)).toBe(700);
  });
});
