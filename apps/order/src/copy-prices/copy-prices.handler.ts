import { ProductListed, ProductRepriced } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import { Handles, insert, one, update, type Change, type Loaded } from '@backstep/unit-of-work';
import { ProductPrice } from '../product-price/product-price.entity.js';

/** Maintains the copy of the prices. In whatever order the events come, the newest version of the product is kept. */
@Handles(ProductListed, ProductRepriced)
export class CopyPricesHandler {
  needs({ data }: Message<typeof ProductListed | typeof ProductRepriced>) {
    return { price: one(ProductPrice, data.sku) };
  }

  decide(
    { data, aggregateVersion = 1 }: Message<typeof ProductListed | typeof ProductRepriced>,
    { price }: Loaded<CopyPricesHandler>,
  ): Change[] {
    const copy = { ...data, productVersion: aggregateVersion };
    if (!price) return [insert(ProductPrice, copy)];
    return price.productVersion < aggregateVersion ? [update(ProductPrice, price, copy)] : [];
  }
}
