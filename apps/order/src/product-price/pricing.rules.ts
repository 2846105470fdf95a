import type { PricedItem, RequestedItem } from '@backstep/contracts';

export interface Price {
  readonly currency: string;
  readonly price: number;
}

/** The largest total of an order, minor units. JSON numbers and the provider represent it exactly. */
export const TOTAL_MAX = 1_000_000_000_00;

export type Pricing =
  | { readonly kind: 'priced'; readonly items: PricedItem[]; readonly currency: string; readonly total: number }
  | { readonly kind: 'unknown_sku'; readonly skus: readonly string[] }
  | { readonly kind: 'mixed_currencies'; readonly currencies: readonly string[] }
  | { readonly kind: 'total_too_large'; readonly total: number };

/** Prices the lines of an order with the current prices. */
export function priceOrder(lines: readonly RequestedItem[], prices: ReadonlyMap<string, Price>): Pricing {
  const unknown = lines.map(({ sku }) => sku).filter((sku) => !prices.has(sku));
  if (unknown.length > 0) return { kind: 'unknown_sku', skus: [...new Set(unknown)] };

  const currencies = [...new Set([...prices.values()].map(({ currency }) => currency))];
  const [currency, other] = currencies;
  if (currency === undefined || other !== undefined) return { kind: 'mixed_currencies', currencies };

  const items = lines.map(({ sku, quantity }) => ({ sku, quantity, unitPrice: prices.get(sku)?.price ?? 0 }));
  const total = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  return total > TOTAL_MAX ? { kind: 'total_too_large', total } : { kind: 'priced', items, currency, total };
}
