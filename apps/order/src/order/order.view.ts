import type { Cancellation, OrderChange, OrderView } from '@backstep/contracts/http';
import type { EndedCancellation, HeldChange, Order } from './order.entity.js';

export const orderView = (order: Order): OrderView => ({
  id: order.id,
  status: order.status,
  version: order.version,
  currency: order.currency,
  total: order.total,
  items: order.items,
  shippingAddress: order.shippingAddress,
  failure: order.failureCode && { code: order.failureCode, message: order.failureMessage ?? '' },
  change: changeView(order.change),
  cancellation: cancellationView(order.cancellation),
  createdAt: order.createdAt.toISOString(),
});

export const changeView = (change: HeldChange | null): OrderChange | null =>
  change && { kind: change.kind, id: change.id, since: change.since };

export const cancellationView = (cancellation: EndedCancellation | null): Cancellation | null =>
  cancellation && { id: cancellation.id, endedAt: cancellation.endedAt, refusal: cancellation.refusal };
