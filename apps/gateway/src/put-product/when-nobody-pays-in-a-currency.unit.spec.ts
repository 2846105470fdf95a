import { describe, expect, it } from '@jest/globals';
import { putProduct } from './put-product.controller.js';

/** Goal: a price in a currency that no provider charges is refused where it comes in, and not with every order. */
const product = (currency: string) => putProduct.body?.safeParse({ name: 'Mug, green', currency, price: 1_290 });

describe('a product', () => {
  it('a product with a price in a currency in use is accepted', () => {
    expect(product('EUR')?.success).toBe(true);
  });

  it.each(['ZZZ', 'XXX', 'DEM', 'eur'])('a product with a price in %s is refused', (currency) => {
    expect(product(currency)?.error?.issues).toEqual([
      expect.objectContaining({ path: ['currency'], message: 'must be an ISO 4217 code such as EUR' }),
    ]);
  });
});
