import { OrderId } from '@backstep/contracts';
import type { ShipmentView } from '@backstep/contracts/http';
import { Database } from '@backstep/messaging';
import { entityTag, zod } from '@backstep/problems';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Shipment } from '../shipment/shipment.entity.js';
import { shipmentView } from '../shipment/shipment.view.js';
import { unknownShipment } from '../shipment/unknown-shipment.js';

@Controller('shipments')
export class ReadShipmentsController {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Get(':orderId')
  async read(
    @Param('orderId', zod(OrderId)) orderId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShipmentView> {
    const shipment = await this.database.dataSource.getRepository(Shipment).findOneBy({ orderId });
    if (!shipment) throw unknownShipment(orderId);
    void reply.header('etag', entityTag(shipment.version));
    return shipmentView(shipment);
  }
}
