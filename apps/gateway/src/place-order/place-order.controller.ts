import { Controller, Inject, Res } from '@nestjs/common';
import { entityTag } from '@backstep/problems';
import { loggable, Logger } from '@backstep/service';
import type { FastifyReply } from 'fastify';
import type { InputOf } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { type Order, type ServiceOrder, toOrder } from '../representations/order.js';
import { SERVICE_LIMITS } from '../services/service-client.js';
import { Services } from '../services/services.js';
import { placeOrder } from './place-order.js';
import { Placements, type PlacementAnswer } from './placements.js';
import { preferredWait } from './prefer-wait.js';

type Request = InputOf<typeof placeOrder>;

@Controller()
export class PlaceOrderController {
  constructor(
    @Inject(Services) private readonly services: Services,
    @Inject(Placements) private readonly placements: Placements,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  @Route(placeOrder)
  async place(@Input(placeOrder) request: Request, @Res({ passthrough: true }) reply: FastifyReply): Promise<Order> {
    const { headers, body, context } = request;
    const waitSeconds = preferredWait(headers.Prefer);
    const placed =
      waitSeconds > 0
        ? await this.placeAndWait(request, waitSeconds, reply)
        : await this.placements.place(context, { idempotencyKey: headers['Idempotency-Key'], order: body });
    const order = toOrder(placed.order);
    void reply.headers({ location: order.links.self, etag: entityTag(order.version) });
    if (placed.replayed) void reply.header('idempotency-replayed', 'true');
    this.logger.debug('order accepted', { orderId: order.id, status: order.status, ...loggable(context) });
    return order;
  }

  /** By a request of its own: it holds up no other. */
  private async placeAndWait(
    { headers, body, context }: Request,
    seconds: number,
    reply: FastifyReply,
  ): Promise<PlacementAnswer> {
    const answer = await this.services.order.request<ServiceOrder>(context, {
      method: 'POST',
      path: '/orders',
      headers: { 'idempotency-key': headers['Idempotency-Key'], prefer: `wait=${seconds}` },
      body,
      answerMs: seconds * 1_000 + SERVICE_LIMITS.answerMs,
    });
    const applied = answer.header('preference-applied');
    if (applied !== undefined) void reply.header('preference-applied', applied);
    return { order: answer.body, replayed: answer.header('idempotency-replayed') !== undefined };
  }
}
