import {
  ApplyRevision,
  ChargePayment,
  OrderRevised,
  OrderRevisionRejected,
  type OrderRevisionRequested,
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
} from '@backstep/contracts';
import { newId, type DataOf } from '@backstep/messages';
import { describeSaga } from '@backstep/saga';
import { given } from '@backstep/saga/testing';
import { describe, expect, it } from '@jest/globals';
import { reviseOrder } from './revise-order.saga.js';

/** Goal: a revision is done whole, or everything is as it was. Method: the saga alone, played as a script. */
const [orderId, revisionId] = [newId(), newId()];
const from = [{ sku: 'MUG-BLUE', quantity: 2, unitPrice: 2100 }];
const to = [{ sku: 'MUG-BLUE', quantity: 3, unitPrice: 2100 }];
const more: DataOf<typeof OrderRevisionRequested> = {
  orderId,
  revisionId,
  from,
  to,
  currency: 'EUR',
  charge: 2100,
  refund: 0,
  paymentMethod: 'pm_card_visa',
  shippingAddress: { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
};
const fewer = { ...more, from: to, to: from, charge: 0, refund: 2100 };

const reserved = (start = more) =>
  given(reviseOrder).startedBy(start).expect(ReviseReservation).reply(ReservationRevised);
const charged = (start = more) => reserved(start).expect(ChargePayment).reply(PaymentCharged);
const lines = (items: typeof from) => items.map(({ sku, quantity }) => ({ sku, quantity }));

describe('a revision that all agree to', () => {
  it('a revision to more is reserved, charged with its difference, shipped, and applied', () => {
    given(reviseOrder)
      .startedBy(more)
      .expect(ReviseReservation, { orderId, revisionId, from: lines(from), to: lines(to) })
      .reply(ReservationRevised)
      .expect(ChargePayment, { orderId, chargeId: revisionId, amount: 2100, currency: 'EUR' })
      .reply(PaymentCharged)
      .expect(ReviseShipment, { orderId, revisionId, items: lines(to), shippingAddress: { country: 'DE' } })
      .reply(ShipmentRevised)
      .expect(SettleReservation, { revisionId, from: lines(from), to: lines(to) })
      .reply(ReservationSettled)
      .expect(RefundPayment, { orderId, refundId: revisionId, amount: 0 })
      .reply(PaymentRefunded)
      .expect(ApplyRevision, { orderId, revisionId })
      .reply(OrderRevised)
      .endsAs('COMPLETED');
  });

  it('a revision to fewer charges nothing, and gives the difference back once the carrier has agreed', () => {
    given(reviseOrder)
      .startedBy(fewer)
      .expect(ReviseReservation)
      .reply(ReservationRevised)
      .expect(ChargePayment, { amount: 0 })
      .reply(PaymentCharged)
      .expect(ReviseShipment)
      .reply(ShipmentRevised)
      .expect(SettleReservation)
      .reply(ReservationSettled)
      .expect(RefundPayment, { refundId: revisionId, amount: 2100 })
      .reply(PaymentRefunded)
      .expect(ApplyRevision)
      .reply(OrderRevised)
      .endsAs('COMPLETED');
  });
});

describe('a revision that somebody refuses', () => {
  it('a revision without stock is rejected at once, with what is short', () => {
    given(reviseOrder)
      .startedBy(more)
      .expect(ReviseReservation)
      .reply(RevisionRejected, { reason: 'out_of_stock', short: [{ sku: 'MUG-BLUE', requested: 1, available: 0 }] })
      .expect(RejectRevision, { orderId, revisionId, failure: { code: 'out_of_stock' } })
      .reply(OrderRevisionRejected)
      .endsAs('COMPENSATED', { code: 'out_of_stock' });
  });

  it('a revision that the bank declines gives the stock back', () => {
    reserved()
      .expect(ChargePayment)
      .reply(PaymentDeclined, { reason: 'insufficient_funds', message: 'Your card has insufficient funds.' })
      .expect(RestoreReservation, { revisionId, from: lines(from), to: lines(to) })
      .reply(ReservationRestored)
      .expect(RejectRevision, { failure: { code: 'payment_declined' } })
      .reply(OrderRevisionRejected)
      .endsAs('COMPENSATED', { code: 'payment_declined' });
  });

  it('a revision that the carrier refuses gives back its own charge, and no more, then the stock', () => {
    charged()
      .expect(ReviseShipment)
      .reply(ShipmentRevisionRefused, { reason: 'The carrier has the parcel.' })
      .expect(RefundPayment, { orderId, chargeId: revisionId })
      .reply(PaymentRefunded)
      .expect(RestoreReservation)
      .reply(ReservationRestored)
      .expect(RejectRevision, { failure: { code: 'shipment_refused', message: 'The carrier has the parcel.' } })
      .reply(OrderRevisionRejected)
      .endsAs('COMPENSATED', { code: 'shipment_refused' });
  });
});

describe('a revision that somebody does not answer', () => {
  it('a charge without an answer may have been made: it is taken back, and a late answer changes nothing', () => {
    reserved()
      .expect(ChargePayment)
      .staysSilent()
      .expect(RefundPayment, { chargeId: revisionId })
      .ignores(PaymentCharged)
      .reply(PaymentRefunded)
      .expect(RestoreReservation)
      .reply(ReservationRestored)
      .expect(RejectRevision, { failure: { code: 'timed_out' } })
      .reply(OrderRevisionRejected)
      .endsAs('COMPENSATED', { code: 'timed_out' });
  });

  it('a carrier without an answer is asked again, and the revision completes with a late one', () => {
    charged()
      .expect(ReviseShipment)
      .staysSilent()
      .isNow('STUCK')
      .reply(ShipmentRevised)
      .expect(SettleReservation)
      .reply(ReservationSettled)
      .expect(RefundPayment)
      .reply(PaymentRefunded)
      .expect(ApplyRevision)
      .reply(OrderRevised)
      .endsAs('COMPLETED');
  });
});

it('two revisions of one order have a saga each', () => {
  const other = given(reviseOrder)
    .startedBy({ ...more, revisionId: newId() })
    .instance();
  expect(given(reviseOrder).startedBy(more).instance().id).not.toBe(other.id);
});

it('the saga reads as a table', () => {
  expect(describeSaga(reviseOrder).map(({ step, command, undo }) => [step, command, undo])).toEqual([
    ['revise-reservation', 'ReviseReservation', 'RestoreReservation'],
    ['charge-difference', 'ChargePayment', 'RefundPayment'],
    ['revise-shipment', 'ReviseShipment', ''],
    ['settle-reservation', 'SettleReservation', ''],
    ['refund-difference', 'RefundPayment', ''],
    ['apply-revision', 'ApplyRevision', ''],
    ['reject-revision', 'RejectRevision', ''],
  ]);
});
