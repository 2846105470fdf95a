import { OrderId } from '@backstep/contracts';
import { OrderView } from '@backstep/contracts/http';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { PROBLEMS } from '@backstep/problems';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CHANGED, conditionsOf, tellChanged } from '../api/change.js';
import { IfMatch } from '../api/etag.js';
import { keyForEach } from '../api/idempotency.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Order, toOrder } from '../representations/order.js';
import { Services } from '../services/services.js';

export const cancelOrder = operation({
  id: 'cancelOrder',
  method: 'POST',
  path: PATHS.orderCancel,
  tag: 'Orders',
  summary: 'Cancel an order',
  description:
    'The cancellation is accepted, and its outcome follows: the order becomes CANCELLED, or it is confirmed (or rejected) and `cancellation` says ' +
    'why it was not cancelled. Meanwhile it is CANCELLING and takes no other change. An order that is still being placed is cancelled ' +
    'until it is handed to the carrier; a confirmed one until the carrier has the parcel.',
  params: { orderId: OrderId },
  headers: {
    'If-Match': IfMatch,
    'Idempotency-Key': keyForEach('cancellation'),
  },
  absentHeaders: { 'If-Match': PROBLEMS.preconditionRequired },
  answers: {
    202: {
      description: 'The order, CANCELLING',
      content: { 'application/json': Order },
      headers: CHANGED,
      links: {
        order: { operationId: 'readOrder', parameters: { orderId: '$response.body#/id' } },
        events: { operationId: 'orderEvents', parameters: { orderId: '$response.body#/id' } },
      },
    },
  },
  problems: [
    PROBLEMS.notFound,
    SHOP_PROBLEMS.changeInProgress,
    SHOP_PROBLEMS.tooLate,
    PROBLEMS.preconditionRequired,
    PROBLEMS.preconditionFailed,
    PROBLEMS.idempotencyKeyReused,
    PROBLEMS.contended,
    PROBLEMS.unavailable,
  ],
});

@Controller()
export class CancelOrderController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(cancelOrder)
  async cancel(
    @Input(cancelOrder) { params: { orderId }, headers, context }: InputOf<typeof cancelOrder>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Order> {
    const answer = await this.services.order.request(context, {
      answer: OrderView,
      method: 'POST',
      path: `/orders/${orderId}/cancel`,
      headers: conditionsOf(headers),
    });
    const order = toOrder(answer.body);
    tellChanged(answer, order, reply);
    return order;
  }
}
