import { describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import fc from 'fast-check';
import { balancedPair, entryIds, transactionOf, type LedgerLine, type Movement } from './ledger.rules.js';

/** Goal: money neither appears nor vanishes. Method: any captures and refunds, added up. */
const aMovement = fc.record({
  movement: fc.constantFrom('capture' as const, 'refund' as const),
  amount: fc.integer({ min: 1, max: 1_000_000_000_00 }),
  currency: fc.constantFrom('EUR', 'USD', 'JPY'),
});
/** Of the only charge of a payment. */
const pairOf = (movement: Movement, money: { id: string; amount: number; currency: string }): LedgerLine[] =>
  balancedPair(movement, transactionOf(movement, money.id), { paymentIntentId: money.id, ...money });
const idsOf = (movement: Movement, id: string): string[] => entryIds(transactionOf(movement, id));
const sum = (lines: readonly LedgerLine[]): number => lines.reduce((total, { amount }) => total + amount, 0);

describe('a movement of money', () => {
  it('a movement of money is a pair that adds up to zero, in one transaction and one currency', () => {
    fc.assert(
      fc.property(aMovement, ({ movement, amount, currency }) => {
        const lines = pairOf(movement, { id: newId(), amount, currency });
        expect(lines).toHaveLength(2);
        expect(sum(lines)).toBe(0);
        expect(new Set(lines.map(({ transactionId }) => transactionId)).size).toBe(1);
        expect(lines.every((line) => line.currency === currency)).toBe(true);
      }),
    );
  });

  it('a refund mirrors its charge in the ledger', () => {
    const payment = { id: newId(), amount: 4200, currency: 'EUR' };
    const both = [...pairOf('capture', payment), ...pairOf('refund', payment)];
    for (const account of ['provider_clearing', 'order_revenue']) {
      expect(sum(both.filter((line) => line.account === account))).toBe(0);
    }
    expect(both[0]).toMatchObject({ account: 'provider_clearing', amount: 4200 });
  });

  it('the ids of a movement are derived, so that it cannot be written twice', () => {
    const id = newId();
    const lines = pairOf('capture', { id, amount: 1, currency: 'EUR' });
    expect(lines.map((line) => line.id)).toEqual(idsOf('capture', id));
    expect(new Set([...idsOf('capture', id), ...idsOf('refund', id), ...idsOf('capture', newId())]).size).toBe(6);
  });

  it.each([0, -1, 0.5, NaN])('a movement of %p is refused', (amount) => {
    expect(() => pairOf('capture', { id: newId(), amount, currency: 'EUR' })).toThrow('moves no money');
  });
});
