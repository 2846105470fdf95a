import type { Failure, PricedItem, ShippingAddress } from '@backstep/contracts';
import type { Order } from './order.entity.js';
import type { OrderStatus } from './order.rules.js';

/** An order as the API shows it. The payment method stays inside. */
export interface OrderView {
  readonly id: string;
  readonly status: OrderStatus;
  readonly version: number;
  readonly currency: string;
  readonly total: number;
  readonly items: readonly PricedItem[];
  readonly shippingAddress: ShippingAddress;
  readonly failure: Failure | null;
  readonly createdAt: string;
}

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
