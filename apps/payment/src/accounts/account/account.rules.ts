import { BALANCE_MAX } from '@backstep/contracts/http';
import type { Account } from './account.entity.js';

type Funds = Pick<Account, 'balance' | 'overdraftLimit'>;

/** Why money is not moved, as the two accounts are at that moment. A later attempt may succeed. */
export type Refusal = 'insufficient_funds' | 'balance_too_large';

/** @returns undefined: the money can be moved */
export function refusalOf(payer: Funds, payee: Pick<Account, 'balance'>, amount: number): Refusal | undefined {
  if (!covers(payer, amount)) return 'insufficient_funds';
  return payee.balance + amount > BALANCE_MAX ? 'balance_too_large' : undefined;
}

/** Whether so much can be taken without passing the overdraft limit. */
export const covers = ({ balance, overdraftLimit }: Funds, amount: number): boolean =>
  balance - amount >= -overdraftLimit;

/** @throws Error when the account does not cover it: see {@link covers} */
export function withdraw(account: Funds, amount: number): { balance: number } {
  assertAmount(amount);
  if (!covers(account, amount)) throw new Error(`${amount} is more than the account covers`);
  return { balance: account.balance - amount };
}

export function deposit({ balance }: Pick<Account, 'balance'>, amount: number): { balance: number } {
  assertAmount(amount);
  return { balance: balance + amount };
}

function assertAmount(amount: number): void {
  if (!Number.isSafeInteger(amount) || amount <= 0) throw new Error(`an amount of ${amount} moves no money`);
}
