import { ON_HAND_MAX } from '@backstep/contracts/http';

/** How much of a product is on hand, and how much of that is reserved. 0 ≤ reserved ≤ on hand, always. */
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

/** Merges the lines of one SKU, since an order may name a SKU on several lines. */
export function totalBySku(lines: readonly RequestedLine[]): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  for (const { sku, quantity } of lines) totals.set(sku, (totals.get(sku) ?? 0) + quantity);
  return totals;
}

/** Whether both have the same quantities, however they are spread over lines. */
export function isSame(some: readonly RequestedLine[], others: readonly RequestedLine[]): boolean {
  const [totals, otherTotals] = [totalBySku(some), totalBySku(others)];
  return totals.size === otherTotals.size && [...totals].every(([sku, total]) => otherTotals.get(sku) === total);
}

/** The SKUs and their quantities, for people. */
export const described = (lines: readonly RequestedLine[]): string =>
  [...totalBySku(lines)].map(([sku, quantity]) => `${quantity} ${sku}`).join(', ');

/** The SKUs whose stock does not cover the lines. None means that all lines can be reserved. */
export function shortages(asked: ReadonlyMap<string, number>, stock: ReadonlyMap<string, StockLevel>): Shortage[] {
  return [...asked]
    .map(([sku, requested]) => ({ sku, requested, available: available(stock.get(sku)) }))
    .filter((line) => line.requested > line.available);
}

/** @throws Error when more is reserved than is free: call {@link shortages} first. */
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

/** Reserved goods leave the house. @throws Error when more leaves than was reserved. */
export function ship(stock: StockLevel, quantity: number): StockLevel {
  return { onHand: stock.onHand - quantity, ...release(stock, quantity) };
}

/** What is left of the lines when others are taken off, one line a SKU. @throws Error when more is taken off than there is. */
export function remainder(lines: readonly RequestedLine[], taken: readonly RequestedLine[]): RequestedLine[] {
  const left = new Map(totalBySku(lines));
  for (const [sku, quantity] of totalBySku(taken)) {
    const rest = (left.get(sku) ?? 0) - quantity;
    if (rest < 0) throw new Error(`cannot take ${quantity} ${sku} of ${described(lines)}`);
    left.set(sku, rest);
  }
  return [...left].flatMap(([sku, quantity]) => (quantity > 0 ? [{ sku, quantity }] : []));
}

/** For a corrected count or new goods. Reserved goods cannot be removed, and {@link ON_HAND_MAX} cannot be exceeded. */
export function adjust(
  stock: StockLevel,
  delta: number,
): { readonly onHand: number } | 'below_reserved' | 'above_largest' {
  const onHand = stock.onHand + delta;
  if (onHand < stock.reserved) return 'below_reserved';
  return onHand > ON_HAND_MAX ? 'above_largest' : { onHand };
}
