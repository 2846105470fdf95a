import { isUuid } from '../orders/orders-search.js';
import { isSku } from '../products/products-search.js';

export interface CartLine {
  readonly sku: string;
  readonly quantity: number;
}

/** The state of the page, as its address has it: a link places nothing, and shows what was chosen and the last order. */
export interface PlaygroundSearch {
  /** The cart: `mug-blue:2,teapot:1`. */
  readonly cart?: string;
  readonly card?: string;
  readonly country?: string;
  /** The last order that was placed. */
  readonly order?: string;
}

/** As the API has them. */
export const LINES_MAX = 100;
export const QUANTITY_MAX = 10_000;
export const DEFAULT_CARD = 'pm_card_visa';
export const DEFAULT_COUNTRY = 'DE';

const CARD = /^pm_\w{1,100}$/;
const COUNTRY = /^[A-Z]{2}$/;

/** What is not understood is left out. */
export function playgroundSearch({ cart, card, country, order }: Readonly<Record<string, unknown>>): PlaygroundSearch {
  const lines = typeof cart === 'string' ? cartOf(cart) : [];
  return {
    ...(lines.length > 0 && { cart: cartText(lines) }),
    ...(typeof card === 'string' && CARD.test(card) && card !== DEFAULT_CARD && { card }),
    ...(typeof country === 'string' && COUNTRY.test(country) && country !== DEFAULT_COUNTRY && { country }),
    ...(isUuid(order) && { order }),
  };
}

export const cartText = (lines: readonly CartLine[]): string =>
  lines.map(({ sku, quantity }) => `${sku}:${quantity}`).join(',');

/** Lines of one product are one line, as an order has each product once. */
export function cartOf(text: string): readonly CartLine[] {
  const quantities = new Map<string, number>();
  for (const line of text.split(',')) {
    const [, sku, digits] = /^(.+):(\d{1,5})$/.exec(line) ?? [];
    const quantity = Number(digits);
    if (!isSku(sku) || !(quantity >= 1) || (!quantities.has(sku) && quantities.size >= LINES_MAX)) continue;
    quantities.set(sku, Math.min(QUANTITY_MAX, (quantities.get(sku) ?? 0) + quantity));
  }
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
}
