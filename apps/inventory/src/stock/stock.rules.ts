import { ON_HAND_MAX } from '@backstep/contracts/http';

/** How much of a product is there, and how much of that is promised. 0 ≤ reserved ≤ on hand, always. */
export interface StockLevel {
  readonly onHand: number;
  readonly reserved: number;
}

export interface Shortage {
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
}

export interface RequestedLine {
  readonly sku: string;
  readonly quantity: number;
}

export const available = (stock: StockLevel | undefined): number => (stock ? stock.onHand - stock.reserved : 0);

/** One line a SKU: an order may name a SKU on several lines. */
export function totalBySku(lines: readonly RequestedLine[]): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  for (const { sku, quantity } of lines) totals.set(sku, (totals.get(sku) ?? 0) + quantity);
  return totals;
}

/** Whether both ask for the same, however it is spread over lines. */
export function isSame(some: readonly RequestedLine[], others: readonly RequestedLine[]): boolean {
  const [totals, otherTotals] = [totalBySku(some), totalBySku(others)];
  return totals.size === otherTotals.size && [...totals].every(([sku, total]) => otherTotals.get(sku) === total);
}

/** For people: which SKUs, and how many of each. */
export const described = (lines: readonly RequestedLine[]): string =>
  [...totalBySku(lines)].map(([sku, quantity]) => `${quantity} ${sku}`).join(', ');

/** Which SKUs cannot cover what is asked of them. None means that all can be reserved. */
export function shortages(asked: ReadonlyMap<string, number>, stock: ReadonlyMap<string, StockLevel>): Shortage[] {
  return [...asked]
    .map(([sku, requested]) => ({ sku, requested, available: available(stock.get(sku)) }))
    .filter((line) => line.requested > line.available);
}

/** @throws Error when more is reserved than there is: ask {@link shortages} first. */
export function reserve(stock: StockLevel, quantity: number): { readonly reserved: number } {
  const reserved = stock.reserved + quantity;
  if (quantity <= 0 || reserved > stock.onHand) throw new Error(`cannot reserve ${quantity} of ${available(stock)}`);
  return { reserved };
}

/** @throws Error when more is released than was reserved. */
export function release(stock: StockLevel, quantity: number): { readonly reserved: number } {
  const reserved = stock.reserved - quantity;
  if (quantity <= 0 || reserved < 0) throw new Error(`cannot release ${quantity} of ${stock.reserved}`);
  return { reserved };
}

/** A count was wrong, goods came in. Promised goods cannot be taken away, and more than {@link ON_HAND_MAX} cannot be kept. */
export function adjust(
  stock: StockLevel,
  delta: number,
): { readonly onHand: number } | 'below_reserved' | 'above_largest' {
  const onHand = stock.onHand + delta;
  if (onHand < stock.reserved) return 'below_reserved';
  return onHand > ON_HAND_MAX ? 'above_largest' : { onHand };
}
