import { OrderId } from '@backstep/contracts';
import { ShipmentView } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ETAG, IF_NONE_MATCH, isNotModified, NOT_MODIFIED } from '../api/etag.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Shipment, toShipment } from '../representations/shipment.js';
import { Services } from '../services/services.js';

export const readShipment = operation({
  id: 'readShipment',
  method: 'GET',
  path: PATHS.shipment,
  tag: 'Shipments',
  summary: 'Read where the parcel of an order is',
  description: 'Its state, its tracking number, and when it got each of its states.',
  params: { orderId: OrderId },
  headers: IF_NONE_MATCH,
  answers: {
    200: {
      description: 'The shipment',
      content: { 'application/json': Shipment },
      headers: { ETag: ETAG },
      links: {
        order: { operationId: 'readOrder', parameters: { orderId: '$response.body#/orderId' } },
        handOver: {
          operationId: 'handOverShipment',
          parameters: { orderId: '$response.body#/orderId', 'If-Match': '$response.header.ETag' },
        },
      },
    },
    ...NOT_MODIFIED,
  },
  problems: [PROBLEMS.notFound, PROBLEMS.unavailable],
});

@Controller()
export class ReadShipmentController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(readShipment)
  async read(
    @Input(readShipment) { params: { orderId }, headers, context }: InputOf<typeof readShipment>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Shipment | undefined> {
    const shipment = toShipment(await this.services.shipment.get(context, `/shipments/${orderId}`, ShipmentView));
    return isNotModified(reply, shipment, headers['If-None-Match']) ? undefined : shipment;
  }
}
