import { z } from 'zod';
import { MAX_LINES, Quantity, RequestedAddress, Sku } from '../fields.js';

/** What a revision does to the lines of an order. An operation names its line by the SKU, and never by its place. */
export const LineOperation = z
  .discriminatedUnion('op', [
    z.strictObject({ op: z.literal('setQuantity'), sku: Sku, quantity: Quantity }),
    z.strictObject({ op: z.literal('addLine'), sku: Sku, quantity: Quantity }),
    z.strictObject({ op: z.literal('removeLine'), sku: Sku }),
  ])
  .meta({
    id: 'LineOperation',
    description:
      'setQuantity: a line gets another quantity. addLine: so many more of a product, as a line of its own where the order has none of it. ' +
      'removeLine: the line goes. Lines keep the price that they have; an added one gets the present price.',
  });
export type LineOperation = Readonly<z.output<typeof LineOperation>>;

/** The same as it is answered. */
export const LineOperationView = z
  .object({
    op: z.enum(['setQuantity', 'addLine', 'removeLine']),
    sku: Sku,
    quantity: Quantity.optional().meta({ description: 'Not of removeLine' }),
  })
  .meta({ id: 'LineOperationView' });
export type LineOperationView = Readonly<z.output<typeof LineOperationView>>;

const namesEachOnce = (operations: readonly LineOperation[]): boolean =>
  new Set(operations.map(({ sku }) => sku)).size === operations.length;

/** `PATCH /orders/{id}` */
export const ReviseOrderRequest = z
  .strictObject({
    lines: z
      .array(LineOperation)
      .min(1)
      .max(2 * MAX_LINES)
      .refine(namesEachOnce, 'must name each SKU once')
      .optional(),
    shippingAddress: RequestedAddress.partial().optional().meta({
      description: 'A JSON Merge Patch (RFC 7386): the parts of the address that change',
    }),
  })
  .refine(({ lines, shippingAddress }) => lines !== undefined || shippingAddress !== undefined, 'must change something')
  .meta({
    id: 'ReviseOrder',
    examples: [{ lines: [{ op: 'setQuantity', sku: 'mug-blue', quantity: 3 }] }],
  });
export type ReviseOrderRequest = Readonly<z.output<typeof ReviseOrderRequest>>;
