import type { Product, System } from '../api/types.js';
import type { Circumstances } from './path.js';
import type { CartLine } from './playground-search.js';

export interface Wish {
  readonly cart: readonly CartLine[];
  readonly card: System['testCards'][number] | undefined;
  readonly country: string;
  readonly notServed: System['notServed'];
  /** Those that are known. */
  readonly products: readonly Product[];
}

/** What stands in the way of an order, as far as it is known before it is placed: stock may go while it is on its way. */
export function circumstancesOf({ cart, card, country, notServed, products }: Wish): Circumstances {
  const short = cart.find(({ sku, quantity }) => {
    const product = products.find((one) => one.sku === sku);
    return product !== undefined && product.available < quantity;
  });
  const refusal = notServed.find((one) => one.country === country);
  return {
    refusals: {
      ...(short && { inventory: `there are not ${short.quantity} of ${short.sku}` }),
      ...(card?.charge === 'declined' && { payment: `the card ${card.does}` }),
      ...(refusal && { shipment: refusal.because }),
    },
    neverUndone: card?.refund === 'refused' ? { payment: `the card ${card.does}` } : {},
  };
}
