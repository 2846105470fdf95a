import { Module } from '@nestjs/common';
import { IdempotencyKey } from '@backstep/idempotency';
import { IdempotencyModule } from '@backstep/idempotency/nest';
import { CONFIG } from '@backstep/service';
import { serviceMessaging } from '@backstep/service-messaging';
import { CATALOGUE, consumerGroupOf, PARTITIONS } from '@backstep/contracts';
import { AdjustStockController } from './adjust-stock/adjust-stock.controller.js';
import { AnnounceProducts } from './announce-products/announce-products.js';
import type { InventoryConfig } from './config.js';
import { EVIDENCE } from './evidence.js';
import { ListProductController } from './list-product/list-product.controller.js';
import { MIGRATIONS } from './migrations/index.js';
import { PatchProductController } from './patch-product/patch-product.controller.js';
import { Product } from './product/product.entity.js';
import { ReadProductsController } from './read-products/read-products.controller.js';
import { ReleaseStockHandler } from './release-stock/release-stock.handler.js';
import { ReservationRevision } from './reservation/reservation-revision.entity.js';
import { Reservation } from './reservation/reservation.entity.js';
import { ReserveStockHandler } from './reserve-stock/reserve-stock.handler.js';
import { RestoreReservationHandler } from './revise-reservation/restore-reservation.handler.js';
import { ReviseReservationHandler } from './revise-reservation/revise-reservation.handler.js';
import { SettleReservationHandler } from './revise-reservation/settle-reservation.handler.js';
import { Setting } from './setting/setting.entity.js';
import { SettingsController } from './setting/settings.controller.js';
import { ShipStockHandler } from './ship-stock/ship-stock.handler.js';
import { Adjustment } from './stock/adjustment.entity.js';
import { GoodsIssue } from './stock/goods-issue.entity.js';
import { Stock } from './stock/stock.entity.js';

@Module({
  imports: [
    serviceMessaging({
      service: 'inventory',
      groupId: consumerGroupOf('inventory'),
      catalogue: CATALOGUE,
      partitions: PARTITIONS,
      subjectField: 'orderId',
      handlers: [
        ReserveStockHandler,
        ReleaseStockHandler,
        ReviseReservationHandler,
        RestoreReservationHandler,
        SettleReservationHandler,
        ShipStockHandler,
      ],
      entities: [Product, Stock, Adjustment, Reservation, ReservationRevision, GoodsIssue, Setting, IdempotencyKey],
      migrations: MIGRATIONS,
      evidence: EVIDENCE,
    }),
    IdempotencyModule.forRoot({
      config: CONFIG,
      retainDays: ({ IDEMPOTENCY_RETAIN_DAYS }: InventoryConfig) => IDEMPOTENCY_RETAIN_DAYS,
    }),
  ],
  providers: [AnnounceProducts],
  controllers: [
    ReadProductsController,
    ListProductController,
    PatchProductController,
    AdjustStockController,
    SettingsController,
  ],
})
export class InventoryModule {}
