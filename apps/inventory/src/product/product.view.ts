import type { ProductView } from '@backstep/contracts/http';
import type { Stock } from '../stock/stock.entity.js';
import { available } from '../stock/stock.rules.js';
import type { Product } from './product.entity.js';

export const productView = ({ sku, name, currency, price, version }: Product, stock: Stock): ProductView => ({
  sku,
  name,
  currency,
  price,
  onHand: stock.onHand,
  reserved: stock.reserved,
  available: available(stock),
  version,
});

/** What a caller is shown whose edit of a product is refused. */
export const currentProduct = ({
  product,
  stock,
}: {
  readonly product: Product | undefined;
  readonly stock: Stock | undefined;
}): ProductView | undefined => product && stock && productView(product, stock);
