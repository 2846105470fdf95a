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
  /** null: it is no movement of a payment. */
  readonly paymentIntentId: string | null;
  /** Of an account: the version of its row that the entry made. */
  readonly accountVersion: number | null;
  /** Signed minor units: debits are positive, credits negative. */
  readonly amount: number;
  readonly currency: string;
}

interface Money {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
}

/**
 * The id of a ledger entry names what it stands for: a second capture or refund of a payment would have the same primary keys.
 * Plain text is readable and cheap; hashed into UUIDs the ids cost a tenth of the service's CPU time.
 */
const transactionId = (movement: Movement, paymentIntentId: string): string => `${movement}:${paymentIntentId}`;

const entryId = (movement: Movement, paymentIntentId: string, account: Account): string =>
  `${transactionId(movement, paymentIntentId)}:${account}`;

export const entryIds = (movement: Movement, paymentIntentId: string): string[] =>
  ACCOUNTS.map((account) => entryId(movement, paymentIntentId, account));

/** The balanced pair of entries of one movement. @throws Error when the amount is not positive */
export function balancedPair(movement: Movement, { id, amount, currency }: Money): LedgerLine[] {
  if (!Number.isSafeInteger(amount) || amount <= 0) throw new Error(`a ${movement} of ${amount} moves no money`);
  const received = movement === 'capture' ? amount : -amount;
  return ACCOUNTS.map((account) => ({
    id: entryId(movement, id, account),
    transactionId: transactionId(movement, id),
    account,
    paymentIntentId: id,
    accountVersion: null,
    amount: account === 'provider_clearing' ? received : -received,
    currency,
  }));
}
