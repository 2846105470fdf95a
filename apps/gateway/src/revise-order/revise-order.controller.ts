import { OrderId } from '@backstep/contracts';
import { OrderView, ReviseOrderRequest } from '@backstep/contracts/http';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { IdempotencyKey } from '@backstep/messages';
import { PROBLEMS } from '@backstep/problems';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CHANGED, conditionsOf, tellChanged } from '../api/change.js';
import { IfMatch } from '../api/etag.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Order, toOrder } from '../representations/order.js';
import { Services } from '../services/services.js';

const LINKS = {
  order: { operationId: 'readOrder', parameters: { orderId: '$response.body#/id' } },
  events: { operationId: 'orderEvents', parameters: { orderId: '$response.body#/id' } },
};

export const reviseOrder = operation({
  id: 'reviseOrder',
  method: 'PATCH',
  path: PATHS.order,
  tag: 'Orders',
  summary: 'Change the lines or the address of a confirmed order',
  description:
    'The operations are rebased onto what others have changed since the version of If-Match, and the address is merged with it: two who ' +
    'change different lines both have their way. What cannot be is refused with 412; `clashing` names the operations, or the parts of the ' +
    'address. Stock, payment and carrier must agree: the order is REVISING until they have, and then CONFIRMED, as `revision` asked or as it ' +
    'was. Nobody else changes it meanwhile.',
  params: { orderId: OrderId },
  headers: {
    'If-Match': IfMatch,
    'Idempotency-Key': IdempotencyKey.meta({ description: 'Chosen by the client, one for each revision' }),
  },
  headerProblems: { 'Idempotency-Key': PROBLEMS.idempotencyKeyMissing },
  absentHeaders: { 'If-Match': PROBLEMS.preconditionRequired },
  body: ReviseOrderRequest,
  answers: {
    202: {
      description: 'The order, REVISING; `revision` has what is asked',
      content: { 'application/json': Order },
      headers: CHANGED,
      links: LINKS,
    },
    200: {
      description: 'The order as it is: others have done the same already',
      content: { 'application/json': Order },
      headers: { ETag: CHANGED.ETag },
      links: LINKS,
    },
  },
  problems: [
    PROBLEMS.notFound,
    PROBLEMS.preconditionRequired,
    PROBLEMS.preconditionFailed,
    PROBLEMS.idempotencyKeyMissing,
    PROBLEMS.idempotencyKeyReused,
    SHOP_PROBLEMS.changeInProgress,
    SHOP_PROBLEMS.tooLate,
    SHOP_PROBLEMS.unknownSku,
    SHOP_PROBLEMS.unknownLine,
    SHOP_PROBLEMS.mixedCurrencies,
    SHOP_PROBLEMS.emptyOrder,
    PROBLEMS.outOfRange,
    PROBLEMS.contended,
    PROBLEMS.unavailable,
  ],
});

@Controller()
export class ReviseOrderController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(reviseOrder)
  async revise(
    @Input(reviseOrder) { params: { orderId }, headers, body, context }: InputOf<typeof reviseOrder>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Order> {
    const answer = await this.services.order.request(context, {
      answer: OrderView,
      method: 'PATCH',
      path: `/orders/${orderId}`,
      headers: conditionsOf(headers),
      body,
    });
    const order = toOrder(answer.body);
    tellChanged(answer, order, reply);
    return order;
  }
}
