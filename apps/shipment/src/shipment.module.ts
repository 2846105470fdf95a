import { Module } from '@nestjs/common';
import { IdempotencyKey } from '@backstep/idempotency';
import { LocksModule } from '@backstep/locks/nest';
import { serviceMessaging } from '@backstep/service-messaging';
import { CATALOGUE, consumerGroupOf, PARTITIONS } from '@backstep/contracts';
import { CancelShipmentHandler } from './cancel-shipment/cancel-shipment.handler.js';
import { CarrierClock } from './carrier-clock/carrier-clock.js';
import { CreateShipmentHandler } from './create-shipment/create-shipment.handler.js';
import { ForgetKeys } from './forget-keys.js';
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
    }),
    LocksModule.forRoot(),
  ],
  providers: [CarrierClock, ForgetKeys],
  controllers: [ReadShipmentsController, MoveShipmentController],
})
export class ShipmentModule {}
