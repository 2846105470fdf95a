import { Currency, MinorUnits, Sku } from '@backstep/contracts';
import { z } from 'zod';
import { href, PATHS } from '../paths.js';
import { Link, Version } from './fields.js';

export const Product = z
  .object({
    sku: Sku,
    name: z.string(),
    currency: Currency,
    price: MinorUnits,
    onHand: z.int().min(0).meta({ description: 'In the warehouse' }),
    reserved: z.int().min(0).meta({ description: 'Of these, promised to orders' }),
    available: z.int().min(0).meta({ description: 'What can be ordered: on hand less reserved' }),
    version: Version.meta({
      description: 'Counts the changes of name, currency and price. Stock changes with every order and does not count.',
    }),
    links: z.object({ self: Link }),
  })
  .meta({ id: 'Product' });
export type Product = z.infer<typeof Product>;

/** As the inventory service tells it. */
export type ServiceProduct = Omit<Product, 'links'>;

export const toProduct = (product: ServiceProduct): Product => ({
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
