import { Controller, Inject, Res } from '@nestjs/common';
import { OrderView } from '@backstep/contracts/http';
import type { FastifyReply } from 'fastify';
import { isNotModified } from '../api/etag.js';
import type { InputOf } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { toOrder } from '../representations/order.js';
import { Services } from '../services/services.js';
import { type OrderWithSaga, readOrder } from './read-order.js';
import { sagasOf } from './sagas-of.js';

@Controller()
export class ReadOrderController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(readOrder)
  async read(
    @Input(readOrder) { params: { orderId }, headers, context }: InputOf<typeof readOrder>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderWithSaga | undefined> {
    const order = await this.services.order.get(context, `/orders/${orderId}`, OrderView);
    const sagas = await sagasOf(this.services.orchestrator, context, orderId);
    const shown = { ...toOrder(order), saga: sagas?.[0] ?? null, sagas };
    return isNotModified(reply, shown, headers['If-None-Match']) ? undefined : shown;
  }
}
