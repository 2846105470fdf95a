import { MAX_LINES, Quantity, RequestedAddress, RequestedPaymentMethod, Sku } from '@backstep/contracts';
import { z } from 'zod';

export const PlaceOrder = z.strictObject({
  items: z
    .array(z.strictObject({ sku: Sku, quantity: Quantity }))
    .min(1)
    .max(MAX_LINES),
  paymentMethod: RequestedPaymentMethod,
  shippingAddress: RequestedAddress,
});
export type PlaceOrder = z.output<typeof PlaceOrder>;
