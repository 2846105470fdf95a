import { Module } from '@nestjs/common';
import { IdempotencyKey } from '@backstep/idempotency';
import { IdempotencyModule } from '@backstep/idempotency/nest';
import { LocksModule } from '@backstep/locks/nest';
import { CONFIG } from '@backstep/service';
import { serviceMessaging } from '@backstep/service-messaging';
import { CATALOGUE, consumerGroupOf, PARTITIONS } from '@backstep/contracts';
import { CancelShipmentHandler } from './cancel-shipment/cancel-shipment.handler.js';
import { CarrierClock } from './carrier-clock/carrier-clock.js';
import type { ShipmentConfig } from './config.js';
import { EVIDENCE } from './evidence.js';
import { CreateShipmentHandler } from './create-shipment/create-shipment.handler.js';
import { MIGRATIONS } from './migrations/index.js';
import { MoveShipmentController } from './move-shipment/move-shipment.controller.js';
import { ReadShipmentsController } from './read-shipments/read-shipments.controller.js';
import { ReviseShipmentHandler } from './revise-shipment/revise-shipment.handler.js';
import { Shipment } from './shipment/shipment.entity.js';

@Module({
  imports: [
    serviceMessaging({
      service: 'shipment',
      groupId: consumerGroupOf('shipment'),
      catalogue: CATALOGUE,
      partitions: PARTITIONS,
      subjectField: 'orderId',
      handlers: [CreateShipmentHandler, CancelShipmentHandler, ReviseShipmentHandler],
      entities: [Shipment, IdempotencyKey],
      migrations: MIGRATIONS,
      evidence: EVIDENCE,
    }),
    LocksModule.forRoot(),
    IdempotencyModule.forRoot({
      config: CONFIG,
      retainDays: ({ IDEMPOTENCY_RETAIN_DAYS }: ShipmentConfig) => IDEMPOTENCY_RETAIN_DAYS,
    }),
  ],
  providers: [CarrierClock],
  controllers: [ReadShipmentsController, MoveShipmentController],
})
export class ShipmentModule {}
