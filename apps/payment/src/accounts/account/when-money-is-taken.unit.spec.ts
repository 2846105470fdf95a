import { BALANCE_MAX } from '@backstep/contracts/http';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { covers, deposit, refusalOf, withdraw } from './account.rules.js';

/** Goal: no account falls below its overdraft limit, or above what JSON's numbers add up exactly. Method: any two accounts and amounts. */
const anAccount = fc
  .record({ overdraftLimit: fc.nat(10_000), above: fc.nat(20_000) })
  .map(({ overdraftLimit, above }) => ({ overdraftLimit, balance: above - overdraftLimit }));
const anAmount = fc.integer({ min: 1, max: 30_000 });

describe('the money of an account', () => {
  it('an account covers its balance and its overdraft limit, and not one unit more', () => {
    const account = { balance: 70, overdraftLimit: 30 };
    expect([covers(account, 100), covers(account, 101)]).toEqual([true, false]);
    expect(withdraw(account, 100)).toEqual({ balance: -30 });
    expect(() => withdraw(account, 101)).toThrow('more than the account covers');
  });

  it('money that is moved between two accounts is refused, or leaves both within their bounds and their sum as it was', () => {
    fc.assert(
      fc.property(anAccount, anAccount, anAmount, (payer, payee, amount) => {
        const refusal = refusalOf(payer, payee, amount);
        expect(refusal).toBe(payer.balance + payer.overdraftLimit < amount ? 'insufficient_funds' : undefined);
        if (refusal) return;
        const [taken, given] = [withdraw(payer, amount), deposit(payee, amount)];
        expect(taken.balance).toBeGreaterThanOrEqual(-payer.overdraftLimit);
        expect(taken.balance + given.balance).toBe(payer.balance + payee.balance);
      }),
    );
  });

  it('a balance does not grow beyond its largest', () => {
    const payer = { balance: 10, overdraftLimit: 0 };
    expect(refusalOf(payer, { balance: BALANCE_MAX - 10 }, 10)).toBeUndefined();
    expect(refusalOf(payer, { balance: BALANCE_MAX - 9 }, 10)).toBe('balance_too_large');
  });

  it.each([0, -1, 0.5, NaN])('an amount of %p moves no money', (amount) => {
    expect(() => withdraw({ balance: 10, overdraftLimit: 0 }, amount)).toThrow('moves no money');
    expect(() => deposit({ balance: 10 }, amount)).toThrow('moves no money');
  });
});
