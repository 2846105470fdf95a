import { IdempotencyKey } from '@backstep/idempotency';
import { PatchProductHandler } from '@backstep/inventory/patch-product/patch-product.handler';
import { Product } from '@backstep/inventory/product/product.entity';
import { ReleaseStockHandler } from '@backstep/inventory/release-stock/release-stock.handler';
import { ReservationRevision } from '@backstep/inventory/reservation/reservation-revision.entity';
import { Reservation } from '@backstep/inventory/reservation/reservation.entity';
import { RestoreReservationHandler } from '@backstep/inventory/revise-reservation/restore-reservation.handler';
import { ReviseReservationHandler } from '@backstep/inventory/revise-reservation/revise-reservation.handler';
import { SettleReservationHandler } from '@backstep/inventory/revise-reservation/settle-reservation.handler';
import { ReserveStockHandler } from '@backstep/inventory/reserve-stock/reserve-stock.handler';
import { ShipStockHandler } from '@backstep/inventory/ship-stock/ship-stock.handler';
import { GoodsIssue } from '@backstep/inventory/stock/goods-issue.entity';
import { Stock } from '@backstep/inventory/stock/stock.entity';
import { cancelOrder } from '@backstep/orchestrator/cancel-order/cancel-order.saga';
import { placeOrder } from '@backstep/orchestrator/place-order/place-order.saga';
import { reviseOrder } from '@backstep/orchestrator/revise-order/revise-order.saga';
import { AnnounceAgain } from '@backstep/order/announce-again/announce-again';
import { CancelOrderHandler } from '@backstep/order/cancel-order/cancel-order.handler';
import { ConfirmOrderHandler } from '@backstep/order/confirm-order/confirm-order.handler';
import { CopyPricesHandler } from '@backstep/order/copy-prices/copy-prices.handler';
import { Customer } from '@backstep/order/customer/customer.entity';
import { HandOver } from '@backstep/order/hand-over/hand-over.entity';
import { HearOfHandOverHandler } from '@backstep/order/hand-over/hear-of-hand-over.handler';
import { Order } from '@backstep/order/order/order.entity';
import { OrderRevision } from '@backstep/order/order-revision/order-revision.entity';
import { placeOrderOnce } from '@backstep/order/place-order/place-order.handler';
import { ProductPrice } from '@backstep/order/product-price/product-price.entity';
import { RefuseCancellationHandler } from '@backstep/order/refuse-cancellation/refuse-cancellation.handler';
import { RejectOrderHandler } from '@backstep/order/reject-order/reject-order.handler';
import { requestCancellationOnce } from '@backstep/order/request-cancellation/request-cancellation.handler';
import { ApplyRevisionHandler } from '@backstep/order/revise-order/apply-revision.handler';
import { RejectRevisionHandler } from '@backstep/order/revise-order/reject-revision.handler';
import { reviseOrderOnce } from '@backstep/order/revise-order/revise-order.handler';
import { Account } from '@backstep/payment/accounts/account/account.entity';
import { ChargePaymentHandler } from '@backstep/payment/intents/charge-payment/charge-payment.handler';
import { LedgerEntry } from '@backstep/payment/ledger/ledger-entry.entity';
import { PaymentIntent } from '@backstep/payment/intents/payment-intent/payment-intent.entity';
import { receiveWebhookOnce } from '@backstep/payment/intents/receive-webhook/receive-webhook.handler';
import { RefundPaymentHandler } from '@backstep/payment/intents/refund-payment/refund-payment.handler';
import { ProviderCallDue } from '@backstep/payment/intents/settle-payment/provider-call-due';
import { ProviderWorker } from '@backstep/payment/intents/settle-payment/provider-worker';
import { CancelShipmentHandler } from '@backstep/shipment/cancel-shipment/cancel-shipment.handler';
import { CarrierClock } from '@backstep/shipment/carrier-clock/carrier-clock';
import { CreateShipmentHandler } from '@backstep/shipment/create-shipment/create-shipment.handler';
import { ReviseShipmentHandler } from '@backstep/shipment/revise-shipment/revise-shipment.handler';
import { Shipment } from '@backstep/shipment/shipment/shipment.entity';

/** The parts of the services that the simulation runs: the same classes as in the services. */
export const PARTS = {
  saga: placeOrder,
  /** The sagas of an order that is there. */
  changes: [cancelOrder, reviseOrder],
  order: {
    handlers: [
      ConfirmOrderHandler,
      RejectOrderHandler,
      CancelOrderHandler,
      RefuseCancellationHandler,
      ApplyRevisionHandler,
      RejectRevisionHandler,
      HearOfHandOverHandler,
    ],
    CopyPrices: CopyPricesHandler,
    place: placeOrderOnce,
    cancel: requestCancellationOnce,
    revise: reviseOrderOnce,
    AnnounceAgain,
    Order,
    Revision: OrderRevision,
    HandOver,
    Key: IdempotencyKey,
    Price: ProductPrice,
    Customer,
  },
  inventory: {
    handlers: [
      ReserveStockHandler,
      ReleaseStockHandler,
      ReviseReservationHandler,
      RestoreReservationHandler,
      SettleReservationHandler,
      ShipStockHandler,
    ],
    patchProduct: new PatchProductHandler(),
    Product,
    Stock,
    Reservation,
    ReservationRevision,
    GoodsIssue,
  },
  payment: {
    handlers: [ChargePaymentHandler, RefundPaymentHandler],
    Intent: PaymentIntent,
    Ledger: LedgerEntry,
    Account,
    Key: IdempotencyKey,
    receiveWebhook: receiveWebhookOnce,
    Worker: ProviderWorker,
    ProviderCallDue,
  },
  shipment: {
    handlers: [CreateShipmentHandler, CancelShipmentHandler, ReviseShipmentHandler],
    Shipment,
    CarrierClock,
  },
} as const;

export type Parts = typeof PARTS;

export type OrderRow = Order;
export type ReservationRow = Reservation;
export type StockRow = Stock;
export type GoodsIssueRow = GoodsIssue;
export type PaymentRow = PaymentIntent;
export type LedgerRow = LedgerEntry;
export type AccountRow = Account;
export type ShipmentRow = Shipment;
