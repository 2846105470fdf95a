import { describe, expect, it } from '@jest/globals';
import {
  ChargePayment,
  ConfirmOrder,
  CreateShipment,
  OrderConfirmed,
  OrderPlaced,
  OrderRejected,
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
} from '@backstep/contracts';
import { newId, type DataOf } from '@backstep/messages';
import { describeSaga } from '@backstep/saga';
import { given } from '@backstep/saga/testing';
import { placeOrder } from './place-order.saga.js';

/** Goal: every way an order can go ends as the design says. Method: the saga alone, played as a script. */
const orderId = newId();
const items = [{ sku: 'MUG-BLUE', quantity: 2, unitPrice: 2100 }];
const anOrder: DataOf<typeof OrderPlaced> = {
  orderId,
  currency: 'EUR',
  total: 4200,
  items,
  paymentMethod: 'pm_card_visa',
  shippingAddress: { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
};

const placed = () => given(placeOrder).startedBy(anOrder);
const reserved = () => placed().expect(ReserveStock).reply(StockReserved);
const charged = () => reserved().expect(ChargePayment).reply(PaymentCharged);
const shipped = () => charged().expect(CreateShipment).reply(ShipmentCreated);

describe('an order that comes about', () => {
  it('an order is reserved, charged, shipped and confirmed', () => {
    const saga = placed()
      .expect(ReserveStock, { orderId, items: [{ sku: 'MUG-BLUE', quantity: 2 }] })
      .reply(StockReserved)
      .expect(ChargePayment, { orderId, amount: 4200, currency: 'EUR', paymentMethod: 'pm_card_visa' })
      .reply(PaymentCharged)
      .expect(CreateShipment, { shippingAddress: { country: 'DE' } })
      .reply(ShipmentCreated, { trackingNumber: 'T-1' })
      .expect(ConfirmOrder, { orderId })
      .reply(OrderConfirmed)
      .endsAs('COMPLETED');
    expect(saga.steps.map(({ name, state }) => `${name}: ${state}`)).toEqual([
      'reserve-stock: done',
      'charge-payment: done',
      'create-shipment: done',
      'confirm-order: done',
    ]);
  });

  it('an order is confirmed in spite of duplicates and foreign answers', () => {
    placed()
      .ignores(OrderPlaced)
      .ignores(PaymentCharged, { paymentIntentId: newId() })
      .expect(ReserveStock)
      .reply(StockReserved)
      .replyAgain()
      .expect(ChargePayment)
      .ignores(StockRejected, { reason: 'out_of_stock' })
      .reply(PaymentCharged)
      .expect(CreateShipment)
      .replyAgain()
      .reply(ShipmentCreated)
      .expect(ConfirmOrder)
      .reply(OrderConfirmed)
      .replyAgain()
      .ignores(ShipmentRefused)
      .endsAs('COMPLETED');
  });

  it('an order is confirmed when every participant times out once', () => {
    placed()
      .expect(ReserveStock)
      .timesOut()
      .sendsAgain()
      .reply(StockReserved)
      .expect(ChargePayment)
      .timesOut()
      .sendsAgain()
      .reply(PaymentCharged)
      .expect(CreateShipment)
      .timesOut()
      .sendsAgain()
      .reply(ShipmentCreated)
      .expect(ConfirmOrder)
      .timesOut()
      .sendsAgain()
      .reply(OrderConfirmed)
      .endsAs('COMPLETED');
  });
});

describe('an order that is refused', () => {
  it('an order without stock is rejected at once, with what is short', () => {
    placed()
      .expect(ReserveStock)
      .reply(StockRejected, { reason: 'out_of_stock', short: [{ sku: 'MUG-BLUE', requested: 2, available: 1 }] })
      .expect(RejectOrder, {
        orderId,
        failure: { code: 'out_of_stock', message: 'not enough in stock: MUG-BLUE (1 of 2)' },
      })
      .reply(OrderRejected)
      .endsAs('COMPENSATED', { code: 'out_of_stock' });
  });

  it('an order that is short of a hundred products names only some, so that the message fits its schema', () => {
    const short = Array.from({ length: 100 }, (_, line) => ({
      sku: `${'S'.repeat(60)}-${line}`,
      requested: 2,
      available: 0,
    }));
    placed()
      .expect(ReserveStock)
      .reply(StockRejected, { reason: 'out_of_stock', short })
      .expect(RejectOrder)
      .reply(OrderRejected)
      .endsAs('COMPENSATED', { code: 'out_of_stock' });
  });

  it('an order that the bank declines releases the stock', () => {
    reserved()
      .expect(ChargePayment)
      .reply(PaymentDeclined, { reason: 'insufficient_funds', message: 'Your card has insufficient funds.' })
      .expect(ReleaseStock, { orderId })
      .reply(StockReleased)
      .expect(RejectOrder, { failure: { code: 'payment_declined', message: 'Your card has insufficient funds.' } })
      .reply(OrderRejected)
      .endsAs('COMPENSATED', { code: 'payment_declined' });
  });

  it('an order that the carrier refuses refunds the payment, then releases the stock', () => {
    charged()
      .expect(CreateShipment)
      .reply(ShipmentRefused, { reason: 'we do not deliver to AQ' })
      .expect(RefundPayment, { orderId })
      .reply(PaymentRefunded)
      .expect(ReleaseStock, { orderId })
      .reply(StockReleased)
      .expect(RejectOrder, { failure: { code: 'shipment_refused', message: 'we do not deliver to AQ' } })
      .reply(OrderRejected)
      .endsAs('COMPENSATED', { code: 'shipment_refused' });
  });
});

describe('when a participant says nothing', () => {
  it('a silent inventory: the reservation may have happened and is released, a late answer changes nothing', () => {
    placed()
      .expect(ReserveStock)
      .staysSilent()
      .expect(ReleaseStock)
      .ignores(StockReserved)
      .reply(StockReleased)
      .expect(RejectOrder, { failure: { code: 'timed_out' } })
      .reply(OrderRejected)
      .endsAs('COMPENSATED', { code: 'timed_out' });
  });

  it('a silent payment: the charge may have happened and is refunded first', () => {
    reserved()
      .expect(ChargePayment)
      .staysSilent()
      .expect(RefundPayment)
      .ignores(PaymentCharged)
      .reply(PaymentRefunded, { amount: 0 })
      .expect(ReleaseStock)
      .reply(StockReleased)
      .expect(RejectOrder, { failure: { code: 'timed_out' } })
      .reply(OrderRejected)
      .endsAs('COMPENSATED', { code: 'timed_out' });
  });

  it('a silent shipment: the saga is STUCK, and the order is confirmed when a late answer comes', () => {
    charged()
      .expect(CreateShipment)
      .staysSilent()
      .isNow('STUCK')
      .reply(ShipmentCreated)
      .expect(ConfirmOrder)
      .reply(OrderConfirmed)
      .endsAs('COMPLETED');
  });

  it('a silent shipment: the saga is STUCK, and the payment is refunded when a late refusal comes', () => {
    charged()
      .expect(CreateShipment)
      .staysSilent()
      .isNow('STUCK')
      .reply(ShipmentRefused)
      .expect(RefundPayment)
      .reply(PaymentRefunded)
      .expect(ReleaseStock)
      .reply(StockReleased)
      .expect(RejectOrder, { failure: { code: 'shipment_refused' } })
      .reply(OrderRejected)
      .endsAs('COMPENSATED');
  });

  it('a silent order service: the saga is STUCK, never compensated, and completes with a late answer', () => {
    shipped().expect(ConfirmOrder).staysSilent().isNow('STUCK').reply(OrderConfirmed).endsAs('COMPLETED');
  });

  it('a compensation that is not answered is sent again until it is done', () => {
    reserved()
      .expect(ChargePayment)
      .reply(PaymentDeclined)
      .expect(ReleaseStock)
      .timesOut()
      .sendsAgain()
      .timesOut()
      .sendsAgain()
      .timesOut()
      .sendsAgain()
      .reply(StockReleased)
      .expect(RejectOrder)
      .timesOut()
      .sendsAgain()
      .reply(OrderRejected)
      .endsAs('COMPENSATED');
  });

  it('a compensation whose attempts are spent makes the saga STUCK, which goes on with a late answer', () => {
    charged()
      .expect(CreateShipment)
      .reply(ShipmentRefused)
      .expect(RefundPayment)
      .staysSilent()
      .isNow('STUCK')
      .reply(PaymentRefunded)
      .expect(ReleaseStock)
      .reply(StockReleased)
      .expect(RejectOrder, { failure: { code: 'shipment_refused' } })
      .reply(OrderRejected)
      .endsAs('COMPENSATED');
  });
});

describe('when the deadline passes', () => {
  it('a deadline before CreateShipment is sent turns the saga back, the awaited step included', () => {
    reserved()
      .expect(ChargePayment)
      .deadlinePasses()
      .expect(RefundPayment)
      .reply(PaymentRefunded)
      .expect(ReleaseStock)
      .reply(StockReleased)
      .expect(RejectOrder, { failure: { code: 'timed_out' } })
      .reply(OrderRejected)
      .endsAs('COMPENSATED', { code: 'timed_out' });
  });

  it('a deadline after CreateShipment is sent is only recorded, and the order completes', () => {
    const saga = charged()
      .expect(CreateShipment)
      .deadlinePasses()
      .isNow('RUNNING')
      .reply(ShipmentCreated)
      .expect(ConfirmOrder)
      .reply(OrderConfirmed)
      .endsAs('COMPLETED');
    expect(saga.deadlinePassedAt).toBeDefined();
  });

  it('a deadline on the way back has no effect', () => {
    reserved()
      .expect(ChargePayment)
      .reply(PaymentDeclined)
      .expect(ReleaseStock)
      .deadlinePasses()
      .reply(StockReleased)
      .expect(RejectOrder, { failure: { code: 'payment_declined' } })
      .reply(OrderRejected)
      .endsAs('COMPENSATED', { code: 'payment_declined' });
  });
});

it('the saga reads as a table', () => {
  expect(describeSaga(placeOrder).map(({ step, command, undo }) => [step, command, undo])).toEqual([
    ['reserve-stock', 'ReserveStock', 'ReleaseStock'],
    ['charge-payment', 'ChargePayment', 'RefundPayment'],
    ['create-shipment', 'CreateShipment', ''],
    ['confirm-order', 'ConfirmOrder', ''],
    ['reject-order', 'RejectOrder', ''],
  ]);
});
