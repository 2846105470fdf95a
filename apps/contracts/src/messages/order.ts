import { command, event } from '@backstep/messages';
import { z } from 'zod';
import {
  Currency,
  Failure,
  MAX_LINES,
  MinorUnits,
  OrderId,
  PaymentMethod,
  PricedItem,
  ShippingAddress,
} from '../fields.js';

export const OrderPlaced = event('order', 'OrderPlaced', {
  key: 'orderId',
  summary: 'A customer placed an order; its saga begins.',
  data: z.object({
    orderId: OrderId,
    currency: Currency,
    total: MinorUnits,
    items: z.array(PricedItem).min(1).max(MAX_LINES),
    paymentMethod: PaymentMethod,
    shippingAddress: ShippingAddress,
  }),
});

export const ConfirmOrder = command('order', 'ConfirmOrder', {
  key: 'orderId',
  summary: 'Everything is reserved, charged and shipping: confirm the order. Cannot be refused.',
  data: z.object({ orderId: OrderId }),
});

export const RejectOrder = command('order', 'RejectOrder', {
  key: 'orderId',
  summary: 'The saga was undone: reject the order and say why. Cannot be refused.',
  data: z.object({ orderId: OrderId, failure: Failure }),
});

export const OrderConfirmed = event('order', 'OrderConfirmed', {
  key: 'orderId',
  summary: 'The order is confirmed. Terminal for place-order.',
  data: z.object({ orderId: OrderId }),
});

export const OrderRejected = event('order', 'OrderRejected', {
  key: 'orderId',
  summary: 'The order did not come about; what was done for it has been undone.',
  data: z.object({ orderId: OrderId, failure: Failure }),
});
