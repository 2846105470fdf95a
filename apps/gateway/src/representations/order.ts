import { Cancellation, OrderChange, OrderView } from '@backstep/contracts/http';
import { z } from 'zod';
import { href, PATHS } from '../paths.js';
import { Link } from './fields.js';

export const Order = OrderView.extend({
  change: OrderChange.nullable().meta({ description: 'The change that is at work; null: the order can be changed' }),
  cancellation: Cancellation.nullable().meta({ description: 'How its latest cancellation ended' }),
  links: z.object({ self: Link, events: Link, saga: Link }),
}).meta({ id: 'Order' });
export type Order = OrderView & Pick<z.infer<typeof Order>, 'links' | 'change' | 'cancellation'>;

export const toOrder = (order: OrderView): Order => ({
  id: order.id,
  status: order.status,
  version: order.version,
  currency: order.currency,
  total: order.total,
  items: order.items,
  shippingAddress: order.shippingAddress,
  createdAt: order.createdAt,
  failure: order.failure,
  change: order.change ?? null,
  cancellation: order.cancellation ?? null,
  revision: order.revision ?? null,
  links: {
    self: href(PATHS.order, { orderId: order.id }),
    events: href(PATHS.orderEvents, { orderId: order.id }),
    // Not the saga itself: its id is unknown until it has begun.
    saga: href(PATHS.sagas, {}, { orderId: order.id }),
  },
});
