import {
  CancelOrder,
  CancelShipment,
  OrderCancellationRefused,
  OrderCancellationRequested,
  OrderCancelled,
  PaymentRefunded,
  RefundPayment,
  RefuseCancellation,
  ReleaseStock,
  ShipmentCancellationRefused,
  ShipmentCancelled,
  StockReleased,
} from '@backstep/contracts';
import { minutes, pivot, retriable, saga, seconds } from '@backstep/saga';

/**
 * Undoes a confirmed order, if the carrier still gives the parcel back. Each cancellation has a saga of its own, since a refused one may be
 * followed by another. A command without a `with` takes its fields from `OrderCancellationRequested`.
 * Formatted by hand as a table, so that each row can be compared with the next.
 */
// prettier-ignore
export const cancelOrder = saga('cancel-order', { failures: ['handed_over'] }).startsOn(OrderCancellationRequested, {
  version: 1,
  identifiedBy: 'cancellationId',
  deadline: minutes(10),
  steps: [
    pivot(    'cancel-shipment', { send: CancelShipment, done: ShipmentCancelled, refused: ShipmentCancellationRefused,
                                   failure: ({ reason }) => ({ code: 'handed_over', message: reason }), retryAfter: seconds(10) }),
    retriable('refund-payment',  { send: RefundPayment,  done: PaymentRefunded }),
    retriable('release-stock',   { send: ReleaseStock,   done: StockReleased }),
    retriable('cancel-order',    { send: CancelOrder,    done: OrderCancelled }),
  ],
  whenUndone: retriable('refuse-cancellation', { send: RefuseCancellation, done: OrderCancellationRefused,
                                                 with: ({ orderId, cancellationId }, { failure }) => ({ orderId, cancellationId, failure }) }),
});
