import { Controller, Inject, Res } from '@nestjs/common';
import { entityTag } from '@backstep/problems';
import { loggable, Logger } from '@backstep/service';
import type { FastifyReply } from 'fastify';
import type { InputOf } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { type Order, toOrder } from '../representations/order.js';
import { OrderPlacer } from './order-placer.js';
import { placeOrder } from './place-order.js';
import { preferredWait } from './prefer-wait.js';

@Controller()
export class PlaceOrderController {
  constructor(
    @Inject(OrderPlacer) private readonly placer: OrderPlacer,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  @Route(placeOrder)
  async place(
    @Input(placeOrder) { headers, body, context }: InputOf<typeof placeOrder>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Order> {
    const waitSeconds = preferredWait(headers.Prefer);
    const asked = { idempotencyKey: headers['Idempotency-Key'], order: body };
    const placed = await this.placer.place(context, asked, waitSeconds);
    const order = toOrder(placed.order);
    void reply.headers({ location: order.links.self, etag: entityTag(order.version) });
    if (placed.replayed) void reply.header('idempotency-replayed', 'true');
    if (waitSeconds > 0) void reply.header('preference-applied', `wait=${waitSeconds}`);
    this.logger.debug('order accepted', { orderId: order.id, status: order.status, ...loggable(context) });
    return order;
  }
}
