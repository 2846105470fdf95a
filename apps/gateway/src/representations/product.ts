import { ProductView } from '@backstep/contracts/http';
import { z } from 'zod';
import { href, PATHS } from '../paths.js';
import { Link } from './fields.js';

export const Product = ProductView.extend({ links: z.object({ self: Link }) }).meta({ id: 'Product' });
export type Product = z.infer<typeof Product>;

export const toProduct = (product: ProductView): Product => ({
  sku: product.sku,
  name: product.name,
  currency: product.currency,
  price: product.price,
  onHand: product.onHand,
  reserved: product.reserved,
  available: product.available,
  version: product.version,
  links: { self: href(PATHS.product, { sku: product.sku }) },
});
