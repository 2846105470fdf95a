import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { IdempotencyKey } from '@backstep/messages';
import { Context, type RequestContext } from '@backstep/service';
import { entityTag, ProblemError, PROBLEMS, zod } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import type { OrderView } from '../order/order.view.js';
import { Outcomes } from '../read-orders/outcomes.js';
import { PlaceOrder } from './place-order.request.js';
import { Placing } from './placing.js';
import { waitSecondsOf } from './prefer-wait.js';

@Controller('orders')
export class PlaceOrderController {
  constructor(
    @Inject(Placing) private readonly placing: Placing,
    @Inject(Outcomes) private readonly outcomes: Outcomes,
  ) {}

  @Post()
  @HttpCode(202)
  async place(
    @Body(zod(PlaceOrder)) order: PlaceOrder,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Headers('prefer') prefer: string | undefined,
    @Context() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderView> {
    const key = IdempotencyKey.safeParse(idempotencyKey);
    if (!key.success) throw new ProblemError(PROBLEMS.idempotencyKeyMissing);
    const { traceparent } = context;
    const { order: placed, replayed } = await this.placing.place({ idempotencyKey: key.data, order, traceparent });
    if (replayed) void reply.header('idempotency-replayed', 'true');
    const seconds = waitSecondsOf(prefer);
    if (seconds > 0) void reply.header('preference-applied', `wait=${seconds}`);
    const shown = seconds > 0 ? ((await this.outcomes.of(placed.id, seconds)) ?? placed) : placed;
    void reply.header('etag', entityTag(shown.version));
    return shown;
  }
}
