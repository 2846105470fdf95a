import { describe, expect, it } from '@jest/globals';
import {
  CancelOrder,
  CancelShipment,
  OrderCancellationRefused,
  type OrderCancellationRequested,
  OrderCancelled,
  PaymentRefunded,
  RefundPayment,
  RefuseCancellation,
  ReleaseStock,
  ShipmentCancellationRefused,
  ShipmentCancelled,
  StockReleased,
} from '@backstep/contracts';
import { newId, type DataOf } from '@backstep/messages';
import { sagaIdFor } from '@backstep/saga';
import { given } from '@backstep/saga/testing';
import { cancelOrder } from './cancel-order.saga.js';

/** Goal: a cancellation is carried out whole once the carrier has agreed, and changes nothing when it has not. */
const orderId = newId();
const cancellationId = newId();
const items = [{ sku: 'MUG-BLUE', quantity: 2 }];
const asked: DataOf<typeof OrderCancellationRequested> = { orderId, cancellationId, items };
const begun = () => given(cancelOrder).startedBy(asked).expect(CancelShipment, { orderId });
const agreed = () => begun().reply(ShipmentCancelled).expect(RefundPayment, { orderId });

describe('a cancellation', () => {
  it('a cancellation that the carrier agrees to refunds, releases and ends the order', () => {
    const saga = agreed()
      .reply(PaymentRefunded, { amount: 4200, currency: 'EUR' })
      .expect(ReleaseStock, { orderId, items })
      .reply(StockReleased)
      .expect(CancelOrder, { orderId, cancellationId })
      .reply(OrderCancelled)
      .endsAs('COMPLETED');
    expect(saga.id).toBe(sagaIdFor(cancelOrder, orderId, cancellationId));
  });

  it('a cancellation that the carrier refuses takes nothing back, and the order is told why', () => {
    begun()
      .reply(ShipmentCancellationRefused, { reason: 'The carrier has the parcel.' })
      .expect(RefuseCancellation, {
        orderId,
        cancellationId,
        failure: { code: 'handed_over', message: 'The carrier has the parcel.' },
      })
      .reply(OrderCancellationRefused)
      .endsAs('COMPENSATED', { code: 'handed_over' });
  });

  it('a cancellation whose carrier is silent assumes nothing, and goes on with a late answer', () => {
    begun().staysSilent().isNow('STUCK').reply(ShipmentCancelled).expect(RefundPayment);
    begun().staysSilent().isNow('STUCK').reply(ShipmentCancellationRefused).expect(RefuseCancellation);
  });

  it('a cancellation that is agreed to is finished, however late its refund is', () => {
    agreed()
      .timesOut()
      .sendsAgain()
      .deadlinePasses()
      .isNow('RUNNING')
      .reply(PaymentRefunded, { amount: 4200, currency: 'EUR' })
      .expect(ReleaseStock)
      .replyAgain()
      .reply(StockReleased)
      .expect(CancelOrder)
      .reply(OrderCancelled)
      .endsAs('COMPLETED');
  });

  it('a cancellation that an operator gives up while the carrier is silent is refused', () => {
    begun()
      .staysSilent()
      .operator('abandon')
      .expect(RefuseCancellation, { failure: { code: 'timed_out' } })
      .reply(OrderCancellationRefused)
      .endsAs('ABANDONED');
  });
});
