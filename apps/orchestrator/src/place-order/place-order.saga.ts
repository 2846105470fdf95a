import {
  ChargePayment,
  ConfirmOrder,
  CreateShipment,
  FAILURE_CODES,
  OrderConfirmed,
  OrderPlaced,
  OrderRejected,
  OrderWithdrawalRequested,
  PaymentCharged,
  PaymentDeclined,
  PaymentRefunded,
  RefundPayment,
  RejectOrder,
  ReleaseStock,
  ReserveStock,
  ShipmentCreated,
  ShipmentRefused,
  StockRejected,
  StockReleased,
  StockReserved,
  type Failure,
} from '@backstep/contracts';
import type { DataOf } from '@backstep/messages';
import { compensatable, minutes, pivot, retriable, saga, seconds } from '@backstep/saga';

/**
 * From the customer's order to its confirmation, or back. A command without a `with` takes its fields from `OrderPlaced`.
 * Formatted by hand as a table, so that each row can be compared with the next.
 */
// prettier-ignore
export const placeOrder = saga('place-order', { failures: FAILURE_CODES }).startsOn(OrderPlaced, {
  version: 1,
  deadline: minutes(10),
  turnsBackOn: { event: OrderWithdrawalRequested, failure: cancelledByCustomer },
  steps: [
    compensatable('reserve-stock',   { send: ReserveStock,   done: StockReserved,   refused: StockRejected,   failure: outOfStock,
                                       undo: ReleaseStock,   undone: StockReleased,   timeout: seconds(10) }),
    compensatable('charge-payment',  { send: ChargePayment,  done: PaymentCharged,  refused: PaymentDeclined, failure: declined,
                                       undo: RefundPayment,  undone: PaymentRefunded, timeout: seconds(30), with: theTotal }),
    pivot(        'create-shipment', { send: CreateShipment, done: ShipmentCreated, refused: ShipmentRefused, failure: notShipped, retryAfter: seconds(10) }),
    retriable(    'confirm-order',   { send: ConfirmOrder,   done: OrderConfirmed }),
  ],
  whenUndone: retriable('reject-order', { send: RejectOrder, done: OrderRejected, with: ({ orderId }, { failure }) => ({ orderId, failure }) }),
});

function theTotal({
  orderId,
  total,
  currency,
  paymentMethod,
}: DataOf<typeof OrderPlaced>): DataOf<typeof ChargePayment> {
  return { orderId, amount: total, currency, paymentMethod };
}

function cancelledByCustomer(): Failure {
  return { code: 'cancelled_by_customer', message: 'cancelled by the customer' };
}

/** A failure's message names at most this many SKUs; an order may have a hundred lines. */
const NAMED_SKUS_MAX = 3;

export function outOfStock({ short }: Pick<DataOf<typeof StockRejected>, 'short'>): Failure {
  const named = short.slice(0, NAMED_SKUS_MAX).map((line) => `${line.sku} (${line.available} of ${line.requested})`);
  const more = short.length > named.length ? ` and ${short.length - named.length} more` : '';
  return {
    code: 'out_of_stock',
    message: named.length > 0 ? `not enough in stock: ${named.join(', ')}${more}` : 'not in stock',
  };
}

export function declined({ reason, message }: DataOf<typeof PaymentDeclined>): Failure {
  return { code: 'payment_declined', message: message || reason };
}

function notShipped({ reason }: DataOf<typeof ShipmentRefused>): Failure {
  return { code: 'shipment_refused', message: reason };
}
