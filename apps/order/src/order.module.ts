import { Module } from '@nestjs/common';
import { IdempotencyKey } from '@backstep/idempotency';
import { IdempotencyModule } from '@backstep/idempotency/nest';
import { CONFIG } from '@backstep/service';
import { serviceMessaging } from '@backstep/service-messaging';
import { CATALOGUE, consumerGroupOf, PARTITIONS } from '@backstep/contracts';
import { AnnounceAgain } from './announce-again/announce-again.js';
import { CancelOrderHandler } from './cancel-order/cancel-order.handler.js';
import type { OrderConfig } from './config.js';
import { EVIDENCE } from './evidence.js';
import { ConfirmOrderHandler } from './confirm-order/confirm-order.handler.js';
import { CopyPricesHandler } from './copy-prices/copy-prices.handler.js';
import { Customer } from './customer/customer.entity.js';
import { HandOver } from './hand-over/hand-over.entity.js';
import { HearOfHandOverHandler } from './hand-over/hear-of-hand-over.handler.js';
import { MIGRATIONS } from './migrations/index.js';
import { OrderMetrics } from './order-metrics.js';
import { Order } from './order/order.entity.js';
import { OrderRevision } from './order-revision/order-revision.entity.js';
import { PatchCustomerController } from './patch-customer/patch-customer.controller.js';
import { AdmissionControl } from './place-order/admission.js';
import { OrderPlacementController } from './place-order/order-placement.controller.js';
import { OrderPlacement } from './place-order/order-placement.js';
import { ProductPrice } from './product-price/product-price.entity.js';
import { PutCustomerController } from './put-customer/put-customer.controller.js';
import { ReadCustomerController } from './read-customer/read-customer.controller.js';
import { Outcomes } from './read-orders/outcomes.js';
import { ReadOrdersController } from './read-orders/read-orders.controller.js';
import { RefuseCancellationHandler } from './refuse-cancellation/refuse-cancellation.handler.js';
import { RejectOrderHandler } from './reject-order/reject-order.handler.js';
import { ApplyRevisionHandler } from './revise-order/apply-revision.handler.js';
import { RejectRevisionHandler } from './revise-order/reject-revision.handler.js';
import { ReviseOrderController } from './revise-order/revise-order.controller.js';
import { RequestCancellationController } from './request-cancellation/request-cancellation.controller.js';

@Module({
  imports: [
    serviceMessaging({
      service: 'order',
      groupId: consumerGroupOf('order'),
      catalogue: CATALOGUE,
      partitions: PARTITIONS,
      subjectField: 'orderId',
      handlers: [
        ConfirmOrderHandler,
        RejectOrderHandler,
        CancelOrderHandler,
        RefuseCancellationHandler,
        CopyPricesHandler,
        ApplyRevisionHandler,
        RejectRevisionHandler,
        HearOfHandOverHandler,
      ],
      entities: [Order, OrderRevision, HandOver, IdempotencyKey, ProductPrice, Customer],
      migrations: MIGRATIONS,
      evidence: EVIDENCE,
    }),
    IdempotencyModule.forRoot({
      config: CONFIG,
      retainDays: ({ IDEMPOTENCY_RETAIN_DAYS }: OrderConfig) => IDEMPOTENCY_RETAIN_DAYS,
    }),
  ],
  controllers: [
    OrderPlacementController,
    ReadOrdersController,
    RequestCancellationController,
    ReadCustomerController,
    PutCustomerController,
    PatchCustomerController,
    ReviseOrderController,
  ],
  providers: [OrderMetrics, AdmissionControl, OrderPlacement, Outcomes, AnnounceAgain],
})
export class OrderModule {}
