import { Currency, Failure, MinorUnits, OrderId, PricedItem, ShippingAddress } from '@backstep/contracts';
import { z } from 'zod';
import { href, PATHS } from '../paths.js';
import { Link, Time, Version } from './fields.js';

export const OrderStatus = z.enum(['PENDING', 'CONFIRMED', 'REJECTED']).meta({
  id: 'OrderStatus',
  description:
    'PENDING: its saga is at work. CONFIRMED: reserved, charged and shipping. REJECTED: undone; `failure` says why.',
});

export const Order = z
  .object({
    id: OrderId,
    status: OrderStatus,
    version: Version,
    currency: Currency,
    total: MinorUnits,
    items: z.array(PricedItem),
    shippingAddress: ShippingAddress,
    createdAt: Time,
    failure: Failure.nullable(),
    links: z.object({ self: Link, events: Link, saga: Link }),
  })
  .meta({ id: 'Order' });
export type Order = z.infer<typeof Order>;

/** As the order service tells it. */
export type ServiceOrder = Omit<Order, 'links'>;

export const toOrder = (order: ServiceOrder): Order => ({
  id: order.id,
  status: order.status,
  version: order.version,
  currency: order.currency,
  total: order.total,
  items: order.items,
  shippingAddress: order.shippingAddress,
  createdAt: order.createdAt,
  failure: order.failure,
  links: {
    self: href(PATHS.order, { orderId: order.id }),
    events: href(PATHS.orderEvents, { orderId: order.id }),
    // Not the saga itself: until it has begun, nobody knows its id.
    saga: href(PATHS.sagas, {}, { orderId: order.id }),
  },
});
