import type { LedgerAccount, LedgerLine } from './ledger.rules.js';

/** One side of a movement. `version` is that of the account which the movement makes; null: a side that has no row. */
export interface Side {
  readonly account: LedgerAccount;
  readonly version: number | null;
}

interface Movement {
  /** Names what moves the money, so that no movement is written twice: `transfer:<id>`. */
  readonly transactionId: string;
  /** Who pays. The balance of an account falls. */
  readonly debit: Side;
  /** Who is paid. The balance of an account rises. */
  readonly credit: Side;
  readonly amount: number;
  readonly currency: string;
  readonly paymentIntentId?: string | undefined;
}

/** An account in the ledger: what we owe its owner (a liability), so credits make it grow, and its balance is their sum less the debits. */
export const accountSide = (accountId: string): LedgerAccount => `account:${accountId}`;

export const lineId = (transactionId: string, account: LedgerAccount): string => `${transactionId}:${account}`;

/** The balanced pair of a movement from or to an account of ours. @throws Error when the amount is not positive */
export function linesOf({ transactionId, debit, credit, amount, currency, paymentIntentId }: Movement): LedgerLine[] {
  if (!Number.isSafeInteger(amount) || amount <= 0) throw new Error(`${transactionId} of ${amount} moves no money`);
  const line = ({ account, version }: Side, signed: number): LedgerLine => ({
    id: lineId(transactionId, account),
    transactionId,
    account,
    paymentIntentId: paymentIntentId ?? null,
    accountVersion: version,
    amount: signed,
    currency,
  });
  return [line(debit, amount), line(credit, -amount)];
}
