import { MAX_LINES, PaymentMethod, Quantity, ShippingAddress, Sku } from '@backstep/contracts';
import { z } from 'zod';

export const PlaceOrder = z.strictObject({
  items: z
    .array(z.strictObject({ sku: Sku, quantity: Quantity }))
    .min(1)
    .max(MAX_LINES),
  paymentMethod: PaymentMethod,
  shippingAddress: ShippingAddress,
});
export type PlaceOrder = z.output<typeof PlaceOrder>;
