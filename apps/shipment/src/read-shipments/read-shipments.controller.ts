import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { entityTag, ProblemError, PROBLEMS, zod } from '@backstep/problems';
import { Database } from '@backstep/messaging';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Shipment } from '../shipment/shipment.entity.js';

/** A shipment as it is shown, without the address. */
type ShipmentView = Omit<Shipment, 'address'> & { readonly country: string };

@Controller('shipments')
export class ReadShipmentsController {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Get(':orderId')
  async read(
    @Param('orderId', zod(z.uuid())) orderId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShipmentView> {
    const shipment = await this.database.dataSource.getRepository(Shipment).findOneBy({ orderId });
    if (!shipment) throw new ProblemError(PROBLEMS.notFound, { detail: `There is no shipment for order ${orderId}.` });
    const { address, ...rest } = shipment;
    void reply.header('etag', entityTag(shipment.version));
    return { ...rest, country: address.country };
  }
}
