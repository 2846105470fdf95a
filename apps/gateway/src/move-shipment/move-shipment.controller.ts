import { ShipmentView } from '@backstep/contracts/http';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { conditionsOf, tellChanged } from '../api/change.js';
import type { InputOf } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { type Shipment, toShipment } from '../representations/shipment.js';
import { Services } from '../services/services.js';
import { deliverShipment, handOverShipment } from './move-shipment.js';

@Controller()
export class MoveShipmentController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(handOverShipment)
  handOver(
    @Input(handOverShipment) input: InputOf<typeof handOverShipment>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Shipment> {
    return this.move('hand-over', input, reply);
  }

  @Route(deliverShipment)
  deliver(
    @Input(deliverShipment) input: InputOf<typeof deliverShipment>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Shipment> {
    return this.move('deliver', input, reply);
  }

  private async move(
    move: 'hand-over' | 'deliver',
    { params: { orderId }, headers, context }: InputOf<typeof handOverShipment>,
    reply: FastifyReply,
  ): Promise<Shipment> {
    const answer = await this.services.shipment.request(context, {
      answer: ShipmentView,
      method: 'POST',
      path: `/shipments/${orderId}/${move}`,
      headers: conditionsOf(headers),
    });
    const shipment = toShipment(answer.body);
    tellChanged(answer, shipment, reply);
    return shipment;
  }
}
