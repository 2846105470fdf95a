import { Module } from '@nestjs/common';
import { AdjustStockController } from './adjust-stock/adjust-stock.controller.js';
import { CancelOrderController } from './cancel-order/cancel-order.controller.js';
import { CancelPaymentIntentController } from './cancel-payment-intent/cancel-payment-intent.controller.js';
import { ChargePaymentIntentController } from './charge-payment-intent/charge-payment-intent.controller.js';
import { CreatePaymentIntentController } from './create-payment-intent/create-payment-intent.controller.js';
import { Console } from './console/console.js';
import { ConsoleController } from './console/console.controller.js';
import { DocsController } from './docs/docs.controller.js';
import { KafkaView } from './kafka/kafka-view.js';
import { ListGroupsController } from './list-groups/list-groups.controller.js';
import { ListMessagesController } from './list-messages/list-messages.controller.js';
import { ListOperationsController } from './list-operations/list-operations.controller.js';
import { ListOrdersController } from './list-orders/list-orders.controller.js';
import { ListParkedController } from './list-parked/list-parked.controller.js';
import { ListPaymentIntentsController } from './list-payment-intents/list-payment-intents.controller.js';
import { ListProductsController } from './list-products/list-products.controller.js';
import { ListSagasController } from './list-sagas/list-sagas.controller.js';
import { ListTopicsController } from './list-topics/list-topics.controller.js';
import { MoveShipmentController } from './move-shipment/move-shipment.controller.js';
import { OperateSagaController } from './operate-saga/operate-saga.controller.js';
import { OperateSagasController } from './operate-sagas/operate-sagas.controller.js';
import { OpenAccountController } from './open-account/open-account.controller.js';
import { OrderEventsController } from './order-events/order-events.controller.js';
import { OrderLog } from './order-events/order-log.js';
import { PatchPaymentIntentController } from './patch-payment-intent/patch-payment-intent.controller.js';
import { PatchProductController } from './patch-product/patch-product.controller.js';
import { PatchCustomerController } from './patch-customer/patch-customer.controller.js';
import { OrderPlacer } from './place-order/order-placer.js';
import { PlaceOrderController } from './place-order/place-order.controller.js';
import { PlaceOrderBatcher } from './place-order/place-order-batcher.js';
import { PutCustomerController } from './put-customer/put-customer.controller.js';
import { PutProductController } from './put-product/put-product.controller.js';
import { PutSettingController } from './put-setting/put-setting.controller.js';
import { ReadAccountController } from './read-account/read-account.controller.js';
import { ReadCustomerController } from './read-customer/read-customer.controller.js';
import { ReadEvidenceController } from './read-evidence/read-evidence.controller.js';
import { ReadMessageController } from './read-message/read-message.controller.js';
import { ReadOrderController } from './read-order/read-order.controller.js';
import { ReadParkedController } from './read-parked/read-parked.controller.js';
import { ReadPaymentIntentController } from './read-payment-intent/read-payment-intent.controller.js';
import { ReadProductController } from './read-product/read-product.controller.js';
import { ReadSagaController } from './read-saga/read-saga.controller.js';
import { ReadSettingController } from './read-setting/read-setting.controller.js';
import { ReadSystemController } from './read-system/read-system.controller.js';
import { ReadShipmentController } from './read-shipment/read-shipment.controller.js';
import { ReadTransferController } from './read-transfer/read-transfer.controller.js';
import { RequestTransferController } from './request-transfer/request-transfer.controller.js';
import { RefundPaymentIntentController } from './refund-payment-intent/refund-payment-intent.controller.js';
import { ReviseOrderController } from './revise-order/revise-order.controller.js';
import { ReceiveWebhookController } from './receive-webhook/receive-webhook.controller.js';
import { Services } from './services/services.js';
import { ReadContentionController } from './read-contention/read-contention.controller.js';
import { ReadContentionKeyController } from './read-contention-key/read-contention-key.controller.js';
import { MessageHub } from './stream/message-hub.js';
import { SagaWatcher } from './stream/saga-watcher.js';
import { StreamController } from './stream/stream.controller.js';
import { Ticker } from './stream/ticker.js';
import { WatchedAnswers } from './stream/watched-answers.js';
import { SettleParkedController } from './settle-parked/settle-parked.controller.js';

/**
 * The public API. The gateway keeps no state and registers no readiness check: when a service or Kafka is away, only the routes to it answer
 * 503, and a gateway taken out for it would take the working ones along.
 */
@Module({
  providers: [
    ...[Services, PlaceOrderBatcher, OrderPlacer, OrderLog, MessageHub, KafkaView, Console],
    ...[Ticker, SagaWatcher, WatchedAnswers],
  ],
  controllers: [
    PlaceOrderController,
    ReadOrderController,
    ReviseOrderController,
    ListOrdersController,
    CancelOrderController,
    OrderEventsController,
    ReadEvidenceController,
    ListProductsController,
    ReadProductController,
    PutProductController,
    PatchProductController,
    AdjustStockController,
    ReadSettingController,
    PutSettingController,
    ReadCustomerController,
    PutCustomerController,
    PatchCustomerController,
    CreatePaymentIntentController,
    ReadPaymentIntentController,
    ListPaymentIntentsController,
    PatchPaymentIntentController,
    ChargePaymentIntentController,
    CancelPaymentIntentController,
    RefundPaymentIntentController,
    ReadShipmentController,
    MoveShipmentController,
    OpenAccountController,
    ReadAccountController,
    RequestTransferController,
    ReadTransferController,
    ReceiveWebhookController,
    ListSagasController,
    ReadSagaController,
    OperateSagaController,
    OperateSagasController,
    ListOperationsController,
    ListParkedController,
    ReadParkedController,
    SettleParkedController,
    ReadContentionController,
    ReadContentionKeyController,
    StreamController,
    ListMessagesController,
    ReadMessageController,
    ListTopicsController,
    ListGroupsController,
    ReadSystemController,
    DocsController,
    ConsoleController,
  ],
})
export class GatewayModule {}
