import type { OpenedAccount } from '../load/accounts.js';
import type { AnsweredTransfer } from '../load/transfers.js';

/** An account as the payment service's database has it. */
export interface KeptAccount {
  readonly id: string;
  readonly balance: number;
  readonly overdraftLimit: number;
}

/** An order that was to be paid from an account. */
export interface AccountOrder {
  readonly id: string;
  readonly accountId: string;
  /** As in {@link Kept.ends}. */
  readonly end: string;
  /** What it costs in the end, minor units. */
  readonly total: number;
}

/** What was accepted, by those who asked for it, and what the books say. */
export interface Money {
  readonly opened: readonly OpenedAccount[];
  /** With how they ended. */
  readonly transfers: readonly AnsweredTransfer[];
  readonly orders: readonly AccountOrder[];
  readonly kept: readonly KeptAccount[];
  /** All entries of the ledger. */
  readonly ledgerSum: number;
}

/**
 * Compares each account with what was accepted: its opening, the transfers that were applied, and the orders that are confirmed. An order that was
 * refused or cancelled has taken nothing. Pure.
 */
export function compareAccounts({ opened, transfers, orders, kept, ledgerSum }: Money): string[] {
  const found = ledgerSum === 0 ? [] : [`the entries of the ledger add up to ${ledgerSum}`];
  const accounts = new Map(kept.map((account) => [account.id, account]));
  const due = new Map(opened.map(({ id, openingBalance }) => [id, openingBalance]));
  const move = (id: string, amount: number) => due.set(id, (due.get(id) ?? 0) + amount);
  for (const { from, to, amount, status } of transfers) {
    if (status !== 'APPLIED') continue;
    move(from, -amount);
    move(to, amount);
  }
  for (const { accountId, end, total } of orders) if (end === 'CONFIRMED') move(accountId, -total);
  for (const { id, overdraftLimit } of opened) {
    const account = accounts.get(id);
    if (!account) found.push(`account ${id} was opened, and is not there`);
    else if (account.balance !== due.get(id))
      found.push(`account ${id} has ${account.balance}, and by what was accepted it has ${due.get(id)}`);
    if (account && account.balance < -overdraftLimit)
      found.push(`account ${id} has ${account.balance}, below its limit of ${-overdraftLimit}`);
  }
  return found;
}
