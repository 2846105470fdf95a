import { Module } from '@nestjs/common';
import { serviceMessaging } from '@backstep/service-messaging';
import { CATALOGUE, consumerGroupOf, PARTITIONS } from '@backstep/contracts';
import { CreateShipmentHandler } from './create-shipment/create-shipment.handler.js';
import { MIGRATIONS } from './migrations/index.js';
import { ReadShipmentsController } from './read-shipments/read-shipments.controller.js';
import { Shipment } from './shipment/shipment.entity.js';

@Module({
  imports: [
    serviceMessaging({
      service: 'shipment',
      groupId: consumerGroupOf('shipment'),
      catalogue: CATALOGUE,
      partitions: PARTITIONS,
      subjectField: 'orderId',
      handlers: [CreateShipmentHandler],
      entities: [Shipment],
      migrations: MIGRATIONS,
    }),
  ],
  controllers: [ReadShipmentsController],
})
export class ShipmentModule {}
