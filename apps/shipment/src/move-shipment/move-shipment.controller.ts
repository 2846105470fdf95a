import { OrderId } from '@backstep/contracts';
import type { ShipmentView } from '@backstep/contracts/http';
import { idempotencyKeyIn, keyed, tellReplayed } from '@backstep/idempotency';
import { entityTag, ProblemError, PROBLEMS, versionOf, zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Controller, Headers, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { CARRIER_MOVES, type CarrierMove } from '../shipment/shipment.rules.js';
import { unknownShipment } from '../shipment/unknown-shipment.js';
import { moveShipmentOnce } from './move-shipment.handler.js';

const ILLEGAL: Readonly<Record<CarrierMove, string>> = {
  'hand-over': 'only one that is CREATED is handed over',
  deliver: 'only one that is HANDED_OVER is delivered',
};

@Controller('shipments')
export class MoveShipmentController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Post(':orderId/:move')
  @HttpCode(200)
  async move(
    @Param('orderId', zod(OrderId)) orderId: string,
    @Param('move', zod(z.enum(CARRIER_MOVES))) move: CarrierMove,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShipmentView> {
    const key = idempotencyKeyIn(headers);
    const request = { orderId, basis: versionOf(headers['if-match']), edit: { move } };
    const { answer, replayed } = await this.unitOfWork.request(moveShipmentOnce, keyed(key, request, request));
    tellReplayed(reply, replayed);
    if (answer.outcome === 'unknown') throw unknownShipment(orderId);
    const { shipment } = answer;
    if (answer.outcome === 'illegal') {
      throw new ProblemError(PROBLEMS.conflict, {
        detail: `The shipment is ${shipment.status}: ${ILLEGAL[move]}.`,
        extensions: { current: shipment },
      });
    }
    void reply.header('etag', entityTag(shipment.version));
    return shipment;
  }
}
