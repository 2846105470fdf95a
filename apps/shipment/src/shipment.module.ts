import { Module } from '@nestjs/common';
import { MessagingModule } from '@backstep/platform/messaging';
import { CreateShipmentHandler } from './create-shipment/create-shipment.handler.js';
import { MIGRATIONS } from './migrations/index.js';
import { ReadShipmentsController } from './read-shipments/read-shipments.controller.js';
import { Shipment } from './shipment/shipment.entity.js';

@Module({
  imports: [
    MessagingModule.forService({
      service: 'shipment',
      handlers: [CreateShipmentHandler],
      entities: [Shipment],
      migrations: MIGRATIONS,
    }),
  ],
  controllers: [ReadShipmentsController],
})
export class ShipmentModule {}
