import {
  ApplyRevision,
  ChargePayment,
  FAILURE_CODES,
  OrderRevised,
  OrderRevisionRejected,
  OrderRevisionRequested,
  PaymentCharged,
  PaymentDeclined,
  PaymentRefunded,
  RefundPayment,
  RejectRevision,
  ReservationRestored,
  ReservationRevised,
  ReservationSettled,
  RestoreReservation,
  ReviseReservation,
  ReviseShipment,
  RevisionRejected,
  SettleReservation,
  ShipmentRevised,
  ShipmentRevisionRefused,
  type Failure,
} from '@backstep/contracts';
import type { DataOf } from '@backstep/messages';
import { compensatable, minutes, pivot, retriable, saga, seconds } from '@backstep/saga';
import { declined, outOfStock } from '../place-order/place-order.saga.js';

type Asked = DataOf<typeof OrderRevisionRequested>;

/**
 * From a customer's wish to change an order to its new lines and address, or back to the old ones. Every revision goes through every step: a
 * participant that has nothing to do (no difference to charge, none to refund) answers at once.
 * Formatted by hand as a table, so that each row can be compared with the next.
 */
// prettier-ignore
export const reviseOrder = saga('revise-order', { failures: FAILURE_CODES }).startsOn(OrderRevisionRequested, {
  version: 1,
  identifiedBy: 'revisionId',
  deadline: minutes(10),
  steps: [
    compensatable('revise-reservation', { send: ReviseReservation,  done: ReservationRevised,  refused: RevisionRejected,        failure: notReserved,
                                          undo: RestoreReservation, undone: ReservationRestored, timeout: seconds(10) }),
    compensatable('charge-difference',  { send: ChargePayment,      done: PaymentCharged,      refused: PaymentDeclined,         failure: declined,
                                          undo: RefundPayment,      undone: PaymentRefunded,   timeout: seconds(30), with: theDifference, undoWith: thatCharge }),
    pivot(        'revise-shipment',    { send: ReviseShipment,     done: ShipmentRevised,     refused: ShipmentRevisionRefused, failure: notRevised, retryAfter: seconds(10), with: theNewLines }),
    retriable(    'settle-reservation', { send: SettleReservation,  done: ReservationSettled }),
    retriable(    'refund-difference',  { send: RefundPayment,      done: PaymentRefunded,     with: theRefund }),
    retriable(    'apply-revision',     { send: ApplyRevision,      done: OrderRevised }),
  ],
  whenUndone: retriable('reject-revision', { send: RejectRevision, done: OrderRevisionRejected, with: ({ orderId, revisionId }, { failure }) => ({ orderId, revisionId, failure }) }),
});

function theDifference({ orderId, revisionId, charge, currency, paymentMethod }: Asked): DataOf<typeof ChargePayment> {
  return { orderId, chargeId: revisionId, amount: charge, currency, paymentMethod };
}

function thatCharge({ orderId, revisionId }: Asked): DataOf<typeof RefundPayment> {
  return { orderId, chargeId: revisionId };
}

function theNewLines({ orderId, revisionId, to, shippingAddress }: Asked): DataOf<typeof ReviseShipment> {
  return { orderId, revisionId, items: to, shippingAddress };
}

function theRefund({ orderId, revisionId, refund }: Asked): DataOf<typeof RefundPayment> {
  return { orderId, refundId: revisionId, amount: refund };
}

function notReserved({ reason, short }: DataOf<typeof RevisionRejected>): Failure {
  return reason === 'shipped'
    ? { code: 'shipment_refused', message: 'The carrier has the parcel.' }
    : outOfStock({ short });
}

function notRevised({ reason }: DataOf<typeof ShipmentRevisionRefused>): Failure {
  return { code: 'shipment_refused', message: reason };
}
