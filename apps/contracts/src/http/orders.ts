import { z } from 'zod';
import { Currency, Failure, MinorUnits, OrderId, PricedItem, ShippingAddress } from '../fields.js';
import { Time, Version } from './fields.js';
import { pageOf } from './page.js';

export const OrderStatus = z.enum(['PENDING', 'CONFIRMED', 'REJECTED']).meta({
  id: 'OrderStatus',
  description:
    'PENDING: its saga is at work. CONFIRMED: reserved, charged and shipping. REJECTED: undone; `failure` says why.',
});
export type OrderStatus = z.infer<typeof OrderStatus>;

/** An order as the order service answers it, without the payment method. */
export const OrderView = z.object({
  id: OrderId,
  status: OrderStatus,
  version: Version,
  currency: Currency,
  total: MinorUnits,
  items: z.array(PricedItem),
  shippingAddress: ShippingAddress,
  createdAt: Time,
  failure: Failure.nullable(),
});
export type OrderView = Readonly<Omit<z.infer<typeof OrderView>, 'items'>> & { readonly items: readonly PricedItem[] };

/** `GET /orders` */
export const OrderViews = pageOf(OrderView);
