import type { Cancellation, OrderChange, OrderRevisionView, OrderView } from '@backstep/contracts/http';
import type { EndedCancellation, HeldChange, Order } from './order.entity.js';

/** @param revision its latest one, where it is at hand */
export const orderView = (order: Order, revision: OrderRevisionView | null = null): OrderView => ({
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
  revision,
  createdAt: order.createdAt.toISOString(),
});

export const changeView = (change: HeldChange | null): OrderChange | null =>
  change && { kind: change.kind, id: change.id, since: change.since };

export const cancellationView = (cancellation: EndedCancellation | null): Cancellation | null =>
  cancellation && { id: cancellation.id, endedAt: cancellation.endedAt, refusal: cancellation.refusal };
