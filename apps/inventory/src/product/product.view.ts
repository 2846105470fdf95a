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
