import { freeText } from '@backstep/messages';
import { z } from 'zod';
import { Currency, MinorUnits, RequestedCurrency, Sku } from '../fields.js';
import { Version } from './fields.js';
import { pageOf } from './page.js';

/** The most pieces of one product on hand. Sums and differences of such numbers are exact in JSON. */
export const ON_HAND_MAX = 1_000_000_000_000;
const DELTA_MAX = 1_000_000;

/** The rest of a cursor of the list of products: the SKU at which the page before ended. */
export const SKU_KEY = '[A-Za-z0-9][A-Za-z0-9._-]{0,63}';

/** A product and its stock as the inventory service answers it. */
export const ProductView = z.object({
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
});
export type ProductView = Readonly<z.infer<typeof ProductView>>;

/** `GET /products` */
export const ProductViews = pageOf(ProductView);

/** `PUT /products/{sku}` */
export const PutProductRequest = z
  .strictObject({
    name: freeText(200),
    currency: RequestedCurrency,
    price: MinorUnits,
    onHand: z.int().min(0).max(ON_HAND_MAX).optional().meta({
      description:
        'The first stock of a new product, 0 when left out. Afterwards stock changes by adjustments, and this is ignored.',
    }),
  })
  .meta({ id: 'PutProduct', examples: [{ name: 'Mug, green', currency: 'EUR', price: 1_290, onHand: 100 }] });

/** `PATCH /products/{sku}`: a JSON Merge Patch. No field of a product can be deleted, so none may be null. */
export const PatchProductRequest = z
  .strictObject({
    name: freeText(200).optional(),
    currency: RequestedCurrency.optional(),
    price: MinorUnits.optional(),
  })
  .meta({
    id: 'PatchProduct',
    description: 'A JSON Merge Patch (RFC 7386): the fields to change',
    examples: [{ price: 1_390 }],
  });

/** `POST /products/{sku}/adjustments` */
export const AdjustStockRequest = z
  .strictObject({
    delta: z
      .int()
      .min(-DELTA_MAX)
      .max(DELTA_MAX)
      .meta({ description: 'How many more are on hand; negative for fewer' }),
    reason: freeText(200).meta({ description: 'Kept with the adjustment, for example `counted` or `delivery 42`' }),
  })
  .meta({ id: 'AdjustStock', examples: [{ delta: -2, reason: 'broken in the warehouse' }] });
