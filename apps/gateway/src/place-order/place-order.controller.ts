import { Controller, Inject, Res } from '@nestjs/common';
import { entityTag, loggable, Logger } from '@backstep/platform';
import type { FastifyReply } from 'fastify';
import type { InputOf } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { type Order, type ServiceOrder, toOrder } from '../representations/order.js';
import { SERVICE_LIMITS } from '../services/service-client.js';
import { Services } from '../services/services.js';
import { placeOrder } from './place-order.js';
import { preferredWait } from './prefer-wait.js';

@Controller()
export class PlaceOrderController {
  constructor(
    @Inject(Services) private readonly services: Services,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  @Route(placeOrder)
  async place(
    @Input(placeOrder) { headers, body, context }: InputOf<typeof placeOrder>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Order> {
    const waitSeconds = preferredWait(headers.Prefer);
    const answer = await this.services.order.request<ServiceOrder>(context, {
      method: 'POST',
      path: '/orders',
      headers: {
        'idempotency-key': headers['Idempotency-Key'],
        prefer: waitSeconds > 0 ? `wait=${waitSeconds}` : undefined,
      },
      body,
      answerMs: waitSeconds * 1_000 + SERVICE_LIMITS.answerMs,
    });
    const order = toOrder(answer.body);
    void reply.headers({ location: order.links.self, etag: entityTag(order.version) });
    for (const name of ['idempotency-replayed', 'preference-applied']) {
      const value = answer.header(name);
      if (value !== undefined) void reply.header(name, value);
    }
    this.logger.debug('order accepted', { orderId: order.id, status: order.status, ...loggable(context) });
    return order;
  }
}
