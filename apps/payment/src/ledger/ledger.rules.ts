/**
 * provider_clearing: what the provider holds for us (an asset; debits make it grow).
 * order_revenue: what orders have paid (income; credits make it grow).
 */
export const ACCOUNTS = ['provider_clearing', 'order_revenue'] as const;
export type Account = (typeof ACCOUNTS)[number];
/** deposits: what was paid in from outside when accounts were opened (an asset). account:<id>: see `accountSide`. */
export type LedgerAccount = Account | 'deposits' | `account:${string}`;
export type Movement = 'capture' | 'refund';

export interface LedgerLine {
  readonly id: string;
  readonly transactionId: string;
  readonly account: LedgerAccount;
  /** null: no payment moved the money. */
  readonly paymentIntentId: string | null;
  /** The version that the entry made of its account's row; null: no account. */
  readonly accountVersion: number | null;
  /** Signed minor units: debits are positive, credits negative. */
  readonly amount: number;
  readonly currency: string;
}

interface Money {
  readonly paymentIntentId: string;
  readonly amount: number;
  readonly currency: string;
}

/**
 * The id of a ledger entry names what it stands for: a second capture of a charge, or a second refund of the same, would have the same primary keys.
 * Plain text is readable and cheap; hashed into UUIDs the ids cost a tenth of the service's CPU time.
 *
 * @param id of the charge that is captured, or of the payment whose only charge is given back whole. Other refunds are called by the provider's
 * idempotency key.
 */
export const transactionOf = (movement: Movement, id: string): string => `${movement}:${id}`;

const entryId = (transactionId: string, account: Account): string => `${transactionId}:${account}`;

export const entryIds = (transactionId: string): string[] => ACCOUNTS.map((account) => entryId(transactionId, account));

/** The balanced pair of entries of one movement of the provider. @throws Error when the amount is not positive */
export function balancedPair(
  movement: Movement,
  transactionId: string,
  { paymentIntentId, amount, currency }: Money,
): LedgerLine[] {
  if (!Number.isSafeInteger(amount) || amount <= 0) throw new Error(`a ${movement} of ${amount} moves no money`);
  const received = movement === 'capture' ? amount : -amount;
  return ACCOUNTS.map((account) => ({
    id: entryId(transactionId, account),
    transactionId,
    account,
    paymentIntentId,
    accountVersion: null,
    amount: account === 'provider_clearing' ? received : -received,
    currency,
  }));
}
