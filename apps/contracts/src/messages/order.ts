import { command, event } from '@backstep/messages';
import { z } from 'zod';
import {
  CancellationRefusal,
  Currency,
  Failure,
  MAX_LINES,
  MinorUnits,
  OrderId,
  PaymentMethod,
  PricedItem,
  RequestedItem,
  RevisionId,
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

const CancellationId = z.uuid();
const aCancellation = { orderId: OrderId, cancellationId: CancellationId };

export const OrderWithdrawalRequested = event('order', 'OrderWithdrawalRequested', {
  key: 'orderId',
  summary: 'The customer cancels an order that is still being placed: place-order turns back, while it can.',
  data: z.object(aCancellation),
});

export const OrderCancellationRequested = event('order', 'OrderCancellationRequested', {
  key: 'orderId',
  summary: 'The customer cancels a confirmed order; cancel-order begins.',
  data: z.object({ ...aCancellation, items: z.array(RequestedItem).min(1).max(MAX_LINES) }),
});

export const CancelOrder = command('order', 'CancelOrder', {
  key: 'orderId',
  summary:
    'The shipment is cancelled, the payment refunded, the stock released: the order is cancelled. Cannot be refused.',
  data: z.object(aCancellation),
});

export const RefuseCancellation = command('order', 'RefuseCancellation', {
  key: 'orderId',
  summary: 'The order cannot be cancelled: it is confirmed again, and says why. Cannot be refused.',
  data: z.object({ ...aCancellation, failure: CancellationRefusal }),
});

export const OrderCancelled = event('order', 'OrderCancelled', {
  key: 'orderId',
  summary: 'The order is cancelled; nothing is reserved, charged or shipping for it.',
  data: z.object(aCancellation),
});

export const OrderCancellationRefused = event('order', 'OrderCancellationRefused', {
  key: 'orderId',
  summary: 'The order was not cancelled, and why. It is confirmed, or was rejected for another reason.',
  data: z.object({ ...aCancellation, failure: CancellationRefusal }),
});

const Revision = z.object({ orderId: OrderId, revisionId: RevisionId });

export const OrderRevisionRequested = event('order', 'OrderRevisionRequested', {
  key: 'orderId',
  summary: 'A customer changes a confirmed order; the saga of the revision begins.',
  data: Revision.extend({
    from: z.array(PricedItem).min(1).max(MAX_LINES).meta({ description: 'The lines of the order until now' }),
    to: z.array(PricedItem).min(1).max(MAX_LINES).meta({ description: 'The lines that it shall have' }),
    currency: Currency,
    charge: MinorUnits.meta({ description: 'What is to be paid beside what is paid; 0 for nothing' }),
    refund: MinorUnits.meta({ description: 'What is to be given back; 0 for nothing' }),
    paymentMethod: PaymentMethod,
    shippingAddress: ShippingAddress.meta({ description: 'Where it shall go' }),
  }),
});

export const ApplyRevision = command('order', 'ApplyRevision', {
  key: 'orderId',
  summary: 'Everybody has agreed: the order gets its new lines, total and address. Cannot be refused.',
  data: Revision,
});

export const RejectRevision = command('order', 'RejectRevision', {
  key: 'orderId',
  summary: 'The saga was undone: the order stays as it was, and says why. Cannot be refused.',
  data: Revision.extend({ failure: Failure }),
});

export const OrderRevised = event('order', 'OrderRevised', {
  key: 'orderId',
  summary: 'The order has new lines, a new total or another address, and is confirmed.',
  data: Revision.extend({ total: MinorUnits, items: z.array(PricedItem) }),
});

export const OrderRevisionRejected = event('order', 'OrderRevisionRejected', {
  key: 'orderId',
  summary: 'The order stays as it was, and is confirmed; what was done for the revision has been undone.',
  data: Revision.extend({ failure: Failure }),
});
