import type { StockFacts } from '../evidence.js';
import type { Finding, Invariant } from '../violation.js';

/**
 * I5: on hand is the first stock and its adjustments, less what was shipped; 0 ≤ reserved ≤ on hand; and what is reserved is
 * what reservations hold. (A confirmed order's goods stay reserved until the carrier has them.)
 *
 * All figures of a SKU come from one statement, so they are of one moment also while orders are placed.
 */
export const stockAddsUp: Invariant = {
  id: 'I5',
  title:
    'stock is the sum of its adjustments less what was shipped, reserved the sum of the reservations, and never more than on hand',
  *check({ stock }) {
    for (const one of stock) {
      for (const what of wrong(one)) yield finding(one, what);
    }
  },
};

function* wrong({ sku, onHand, reserved, adjusted, held, shipped }: StockFacts): Generator<string> {
  if (onHand !== adjusted - shipped) {
    const less = shipped === 0 ? '' : `, less ${shipped} shipped`;
    yield `${sku}: ${onHand} on hand, and its adjustments add up to ${adjusted}${less}`;
  }
  if (reserved !== held) yield `${sku}: ${reserved} reserved, and the reservations hold ${held}`;
  if (reserved < 0) yield `${sku}: ${reserved} reserved, which is less than nothing`;
  if (reserved > onHand) yield `${sku}: ${reserved} reserved of ${onHand} on hand`;
}

const finding = ({ sku }: StockFacts, what: string): Finding => ({
  what,
  sku,
  remedy: `See it, \`npx backstep products\`; then compare stock, stock_adjustment, goods_issue and reservation of backstep_inventory: reservations are the truth about what is promised of ${sku}.`,
});
