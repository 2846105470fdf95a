import { update, type RowChange } from '@backstep/unit-of-work';
import { Stock } from './stock.entity.js';
import type { StockLevel } from './stock.rules.js';

/**
 * Changes the stock of each SKU by a quantity of it.
 * @param change from `stock.rules.ts`, such as `release`
 * @throws Error when the order holds something that is no product
 */
export function changeStock(
  orderId: string,
  quantities: ReadonlyMap<string, number>,
  stock: ReadonlyMap<string, Stock>,
  change: (level: StockLevel, quantity: number) => Partial<StockLevel>,
): RowChange<Stock>[] {
  return [...quantities].map(([sku, quantity]) => {
    const row = stock.get(sku);
    if (!row) throw new Error(`order ${orderId} holds ${sku}, which is no product`);
    return update(Stock, row, change(row, quantity));
  });
}
