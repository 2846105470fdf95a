import type { Stock } from '../stock/stock.entity.js';
import { available } from '../stock/stock.rules.js';
import type { Product } from './product.entity.js';

/** A product as the API shows it. The version is the product's, not its stock's: stock changes with every order. */
export interface ProductView {
  readonly sku: string;
  readonly name: string;
  readonly currency: string;
  readonly price: number;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
  readonly version: number;
}

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
