import { describe, expect, it } from '@jest/globals';
import { compareAccounts, type Money } from './accounts.js';

/** Goal: the verdict finds money of accounts that came, went, or was taken for an order that came to nothing. */
const account = (id: string, openingBalance: number) => ({ id, openingBalance, overdraftLimit: 100 });
const transfer = (from: string, to: string, amount: number, status = 'APPLIED') => ({
  id: `${from}${to}${amount}`,
  from,
  to,
  amount,
  status,
});
const order = (accountId: string, total: number, end = 'CONFIRMED') => ({
  id: `order-${total}`,
  accountId,
  total,
  end,
});
const balance = (id: string, is: number) => ({ id, balance: is, overdraftLimit: 100 });

const sound: Money = {
  opened: [account('a', 1_000), account('b', 0)],
  transfers: [transfer('a', 'b', 300), transfer('b', 'a', 5_000, 'REJECTED')],
  orders: [order('a', 200), order('a', 999, 'payment_declined'), order('b', 350), order('b', 40, 'CANCELLED')],
  kept: [balance('a', 500), balance('b', -50)],
  ledgerSum: 0,
};

describe('the accounts and what was accepted', () => {
  it('the accounts agree with what was accepted: openings, transfers, and the orders that are confirmed', () => {
    expect(compareAccounts(sound)).toEqual([]);
  });

  it.each<[string, Partial<Money>, string]>([
    ['an order that was refused has kept its money', { kept: [balance('a', -499), balance('b', -50)] }, 'a has -499'],
    ['a cancelled order was not paid back', { kept: [balance('a', 500), balance('b', -90)] }, 'b has -90'],
    ['a transfer was made twice', { kept: [balance('a', 200), balance('b', 250)] }, 'b has 250'],
    ['an account is below its limit', { kept: [balance('a', 500), balance('b', -150)] }, 'below its limit of -100'],
    ['an account is lost', { kept: [balance('a', 500)] }, 'account b was opened, and is not there'],
    ['the ledger does not balance', { ledgerSum: 7 }, 'add up to 7'],
  ])('the accounts disagree with what was accepted: %s', (_, change, what) => {
    expect(compareAccounts({ ...sound, ...change }).join('\n')).toContain(what);
  });
});
