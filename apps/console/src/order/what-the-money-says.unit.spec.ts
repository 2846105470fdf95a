import { expect, it } from '@jest/globals';
import type { Evidence } from '../api/types.js';
import { balancesOf, imbalancesOf, ledgerOf } from './money.js';

/** Goal: what is left in the accounts is what the ledger’s entries add up to, and entries that do not add up are seen. Method: rows as the payment service words them. */
const entry = (key: string, state: string, table = 'ledger_entry') => ({ table, key, version: 1, state });
const evidenceWith = (...rows: readonly ReturnType<typeof entry>[]): Evidence =>
  ({ services: [{ service: 'payment', rows }] }) as unknown as Evidence;
const CHARGED = [
  entry('capture:1:provider_clearing', 'provider_clearing 1500 EUR'),
  entry('capture:1:order_revenue', 'order_revenue -1500 EUR'),
];

it('a charge that was given back leaves nothing in any account', () => {
  const ledger = ledgerOf(
    evidenceWith(
      entry('1', 'REFUNDED pi_1, 1 attempt', 'payment_intent'),
      ...CHARGED,
      entry('refund:1:provider_clearing', 'provider_clearing -1500 EUR'),
      entry('refund:1:order_revenue', 'order_revenue 1500 EUR'),
    ),
  );
  expect(ledger).toHaveLength(4);
  expect(balancesOf(ledger).map(({ amount }) => amount)).toEqual([0, 0]);
  expect(imbalancesOf(ledger)).toEqual([]);
});

it('currencies are never added to each other', () => {
  const other = [entry('x', 'provider_clearing 5 USD'), entry('y', 'order_revenue -5 USD')];
  expect(balancesOf(ledgerOf(evidenceWith(...CHARGED, ...other)))).toHaveLength(4);
});

it('entries that do not add up are said, by currency', () => {
  expect(imbalancesOf(ledgerOf(evidenceWith(...CHARGED.slice(0, 1))))).toEqual([{ amount: 1_500, currency: 'EUR' }]);
});
