import type { PricedItem } from '@backstep/contracts';
import type { LineOperation } from '@backstep/contracts/http';
import type { Rebased } from '@backstep/unit-of-work';

/**
 * What becomes of an operation on an order's lines after one that its customer had not seen. Operations on different lines do not meet.
 * `addLine` adds to what is there by then. A line that others have changed is neither set nor removed unseen; two that remove it are one.
 */
export function against(op: LineOperation, other: LineOperation): Rebased<LineOperation> {
  if (op.sku !== other.sku) return op;
  switch (op.op) {
    case 'addLine':
      return op;
    case 'setQuantity':
      return 'clash';
    case 'removeLine':
      return other.op === 'removeLine' ? 'dropped' : 'clash';
  }
}

/**
 * Applies an operation, which must find its line. A line keeps its price and its place. Where an order was placed with several lines of one
 * SKU, they become one.
 * @param price of a line that is new
 */
export function operate(lines: readonly PricedItem[], op: LineOperation, price = 0): readonly PricedItem[] {
  const { sku } = op;
  const own = lines.filter((line) => line.sku === sku);
  const [first] = own;
  if (op.op === 'removeLine') return lines.filter((line) => line.sku !== sku);
  if (!first) return [...lines, { sku, quantity: op.quantity, unitPrice: price }];
  const before = own.reduce((sum, line) => sum + line.quantity, 0);
  const quantity = op.op === 'addLine' ? before + op.quantity : op.quantity;
  return lines
    .filter((line) => line === first || line.sku !== sku)
    .map((line) => (line === first ? { ...first, quantity } : line));
}
