import { OrderId } from '@backstep/contracts';
import type { OrderView } from '@backstep/contracts/http';
import { idempotencyKeyIn, keyed, tellChanged } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import { versionOf, zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Controller, Headers, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { requestCancellationOnce } from './request-cancellation.handler.js';

@Controller('orders')
export class RequestCancellationController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Post(':id/cancel')
  @HttpCode(202)
  async cancel(
    @Param('id', zod(OrderId)) orderId: string,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderView> {
    const key = idempotencyKeyIn(headers);
    const basis = versionOf(headers['if-match']);
    const request = { orderId, basis, edit: {}, cancellationId: newId(), traceparent: headers['traceparent'] };
    // The version is a condition, and no part of what is asked for: whoever repeats the request may have seen a newer one.
    const once = keyed(key, { orderId }, request);
    const { answer, replayed } = await this.unitOfWork.request(requestCancellationOnce, once);
    tellChanged(reply, answer.version, replayed);
    return answer;
  }
}
