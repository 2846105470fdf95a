import type { Evidence } from '../api/types.js';

/** An entry of the ledger, as its service words it: `order_revenue -1500 EUR`. */
export interface LedgerEntry {
  readonly key: string;
  readonly account: string;
  readonly amount: number;
  readonly currency: string;
}

const ENTRY = /^(\w+) (-?\d+) ([A-Z]{3})$/;

/** The ledger's entries about the order. An entry that is worded otherwise is none that can be added up. */
export const ledgerOf = ({ services }: Evidence): readonly LedgerEntry[] =>
  services.flatMap(({ rows }) =>
    rows.flatMap(({ table, key, state }) => {
      const [, account, amount, currency] = ENTRY.exec(state) ?? [];
      if (table !== 'ledger_entry' || account === undefined || amount === undefined || currency === undefined)
        return [];
      return [{ key, account, amount: Number(amount), currency }];
    }),
  );

/** What is left in each account, by currency: all together it must be nothing. */
export function balancesOf(entries: readonly LedgerEntry[]): readonly Omit<LedgerEntry, 'key'>[] {
  const sums = new Map<string, Omit<LedgerEntry, 'key'>>();
  for (const { account, amount, currency } of entries) {
    const name = `${account} ${currency}`;
    sums.set(name, { account, currency, amount: (sums.get(name)?.amount ?? 0) + amount });
  }
  return [...sums.values()];
}

/** What the entries of each currency add up to, where that is not nothing. */
export function imbalancesOf(entries: readonly LedgerEntry[]): readonly Pick<LedgerEntry, 'amount' | 'currency'>[] {
  const sums = new Map<string, number>();
  for (const { amount, currency } of entries) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].flatMap(([currency, amount]) => (amount === 0 ? [] : [{ currency, amount }]));
}
