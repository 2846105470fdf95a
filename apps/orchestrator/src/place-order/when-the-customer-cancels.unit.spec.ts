import { describe, expect, it } from '@jest/globals';
import {
  ChargePayment,
  ConfirmOrder,
  CreateShipment,
  OrderConfirmed,
  type OrderPlaced,
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
  StockReleased,
  StockReserved,
} from '@backstep/contracts';
import { newId, type DataOf } from '@backstep/messages';
import { given, type SagaScript } from '@backstep/saga/testing';
import { placeOrder } from './place-order.saga.js';

/**
 * Goal: a cancellation that comes while the order is being placed turns the saga back before the pivot is sent, and has no effect after it;
 * never both. Method: the saga as a script, with the withdrawal at each step and on either side of each answer.
 */
type Script = SagaScript<typeof OrderPlaced>;
const orderId = newId();
const anOrder: DataOf<typeof OrderPlaced> = {
  orderId,
  currency: 'EUR',
  total: 4200,
  items: [{ sku: 'MUG-BLUE', quantity: 2, unitPrice: 2100 }],
  paymentMethod: 'pm_card_visa',
  shippingAddress: { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
};
const CANCELLED = { code: 'cancelled_by_customer' } as const;

const reserving = () => given(placeOrder).startedBy(anOrder).expect(ReserveStock);
const charging = () => reserving().reply(StockReserved).expect(ChargePayment);
const shipping = () => charging().reply(PaymentCharged).expect(CreateShipment);
const confirming = () => shipping().reply(ShipmentCreated).expect(ConfirmOrder);

const released = (script: Script) => script.expect(ReleaseStock, { orderId }).reply(StockReleased);
const refunded = (script: Script) => released(script.expect(RefundPayment, { orderId }).reply(PaymentRefunded));
const rejected = (script: Script) =>
  script.expect(RejectOrder, { orderId, failure: CANCELLED }).reply(OrderRejected).endsAs('COMPENSATED', CANCELLED);

describe('a withdrawal before the pivot is sent', () => {
  it.each<[string, () => Script, (script: Script) => Script]>([
    ['while the stock is reserved', reserving, released],
    ['while the stock is reserved, for the second time', () => reserving().timesOut().sendsAgain(), released],
    ['while the payment is charged', charging, refunded],
    ['while the payment is charged, for the second time', () => charging().timesOut().sendsAgain(), refunded],
  ])('a withdrawal %s undoes what may have happened, the running step included', (_, until, undone) => {
    rejected(undone(until().hears(OrderWithdrawalRequested)));
  });

  it('a withdrawal is obeyed whatever the running step answers later', () => {
    const late = () => reserving().hears(OrderWithdrawalRequested).expect(ReleaseStock);
    rejected(late().ignores(StockReserved).reply(StockReleased));
    const charged = () => charging().hears(OrderWithdrawalRequested).expect(RefundPayment);
    rejected(released(charged().ignores(PaymentCharged).reply(PaymentRefunded)));
    rejected(released(charged().ignores(PaymentDeclined).reply(PaymentRefunded)));
  });

  it('a withdrawal that comes again, or during the compensation, changes nothing', () => {
    const turned = charging().hears(OrderWithdrawalRequested).ignores(OrderWithdrawalRequested);
    rejected(
      turned
        .expect(RefundPayment)
        .ignores(OrderWithdrawalRequested)
        .reply(PaymentRefunded)
        .expect(ReleaseStock)
        .ignores(OrderWithdrawalRequested)
        .reply(StockReleased),
    );
  });
});

describe('a withdrawal after the pivot is sent', () => {
  it.each<[string, () => Script]>([
    ['while the shipment is created', shipping],
    ['while the shipment is created, for the second time', () => shipping().timesOut().sendsAgain()],
    ['while the shipment is STUCK', () => shipping().staysSilent().isNow('STUCK')],
  ])('a withdrawal %s has no effect: the carrier decides, and the order is confirmed', (_, until) => {
    until()
      .ignores(OrderWithdrawalRequested)
      .reply(ShipmentCreated)
      .expect(ConfirmOrder)
      .reply(OrderConfirmed)
      .endsAs('COMPLETED');
  });

  it('a withdrawal while the shipment is created leaves a refusal of the carrier what it is', () => {
    const refused = shipping().ignores(OrderWithdrawalRequested).reply(ShipmentRefused);
    refunded(refused)
      .expect(RejectOrder, { failure: { code: 'shipment_refused' } })
      .reply(OrderRejected)
      .endsAs('COMPENSATED', { code: 'shipment_refused' });
  });

  it.each<[string, () => Script]>([
    ['while the order is confirmed', confirming],
    ['while the order is confirmed, for the second time', () => confirming().timesOut().sendsAgain()],
    ['while the confirmation is STUCK', () => confirming().staysSilent().isNow('STUCK')],
  ])('a withdrawal %s has no effect, and the saga completes', (_, until) => {
    until().ignores(OrderWithdrawalRequested).reply(OrderConfirmed).endsAs('COMPLETED');
  });

  it('a withdrawal after the saga has ended has no effect, whichever way it has ended', () => {
    const confirmed = confirming().reply(OrderConfirmed);
    confirmed.ignores(OrderWithdrawalRequested).endsAs('COMPLETED');
    const declined = released(charging().reply(PaymentDeclined)).expect(RejectOrder).reply(OrderRejected);
    declined.ignores(OrderWithdrawalRequested).endsAs('COMPENSATED', { code: 'payment_declined' });
  });
});

it('a withdrawal on the way back does not change why the order comes to nothing', () => {
  const back = charging().reply(PaymentDeclined).expect(ReleaseStock).ignores(OrderWithdrawalRequested);
  const saga = back
    .reply(StockReleased)
    .expect(RejectOrder, { failure: { code: 'payment_declined' } })
    .ignores(OrderWithdrawalRequested)
    .reply(OrderRejected)
    .endsAs('COMPENSATED', { code: 'payment_declined' });
  expect(saga.steps.find(({ name }) => name === 'create-shipment')).toMatchObject({ state: 'skipped' });
});
