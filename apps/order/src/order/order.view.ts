import type { OrderView } from '@backstep/contracts/http';
import type { Order } from './order.entity.js';

export const orderView = (order: Order): OrderView => ({
  id: order.id,
  status: order.status,
  version: order.version,
  currency: order.currency,
  total: order.total,
  items: order.items,
  shippingAddress: order.shippingAddress,
  failure: order.failureCode && { code: order.failureCode, message: order.failureMessage ?? '' },
  createdAt: order.createdAt.toISOString(),
});
