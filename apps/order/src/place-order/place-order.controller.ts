import { pausePoint, pausePointsArmed } from '@backstep/concurrency';
import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { IDEMPOTENCY_KEY, newId } from '@backstep/contracts';
import { Context, entityTag, ProblemError, PROBLEMS, type RequestContext, zod } from '@backstep/platform';
import { UnitOfWork } from '@backstep/unit-of-work';
import type { FastifyReply } from 'fastify';
import { requestHash } from '../idempotency/request-hash.js';
import type { OrderView } from '../order/order.view.js';
import { Outcomes } from '../read-orders/outcomes.js';
import { PlaceOrderHandler, type PlacementAnswer } from './place-order.handler.js';
import { PlaceOrder } from './place-order.request.js';
import { waitSecondsOf } from './prefer-wait.js';

@Controller('orders')
export class PlaceOrderController {
  private readonly handler = new PlaceOrderHandler();

  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
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
    if (!idempotencyKey || !IDEMPOTENCY_KEY.test(idempotencyKey))
      throw new ProblemError(PROBLEMS.idempotencyKeyMissing);
    if (pausePointsArmed()) await pausePoint('placement.before-commit');
    const answer = await this.unitOfWork.request(this.handler, {
      orderId: newId(),
      idempotencyKey,
      requestHash: requestHash(order),
      order,
      traceparent: context.traceparent,
    });
    if (pausePointsArmed()) await pausePoint('placement.after-commit');
    const placed = accepted(answer);
    if (answer.kind === 'replayed') void reply.header('idempotency-replayed', 'true');
    const seconds = waitSecondsOf(prefer);
    if (seconds > 0) void reply.header('preference-applied', `wait=${seconds}`);
    const shown = seconds > 0 ? ((await this.outcomes.of(placed.id, seconds)) ?? placed) : placed;
    void reply.header('etag', entityTag(shown.version));
    return shown;
  }
}

/** @throws ProblemError when the answer is a refusal. */
function accepted(answer: PlacementAnswer): OrderView {
  switch (answer.kind) {
    case 'placed':
    case 'replayed':
      return answer.order;
    case 'key_reused':
      throw new ProblemError(PROBLEMS.idempotencyKeyReused, {
        detail: 'Send another request with another Idempotency-Key.',
      });
    case 'unknown_sku':
      throw new ProblemError(PROBLEMS.unknownSku, {
        detail: `Not listed: ${answer.skus.join(', ')}`,
        extensions: { skus: answer.skus },
      });
    case 'mixed_currencies':
      throw new ProblemError(PROBLEMS.mixedCurrencies, {
        detail: `One order, one currency: ${answer.currencies.join(', ')}`,
        extensions: { currencies: answer.currencies },
      });
    case 'total_too_large':
      throw new ProblemError(PROBLEMS.validation, {
        detail: 'The total is larger than an order may be',
        errors: [{ in: 'body', field: 'items', pointer: '#/items', message: `total ${answer.total} is too large` }],
      });
  }
}
