import { OrderId } from '@backstep/contracts';
import { ReviseOrderRequest, type OrderView } from '@backstep/contracts/http';
import { idempotencyKeyIn, keyed, tellChanged } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import { versionOf, zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Body, Controller, Headers, HttpStatus, Inject, Param, Patch, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { reviseOrderOnce } from './revise-order.handler.js';

@Controller('orders')
export class ReviseOrderController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Patch(':id')
  async revise(
    @Param('id', zod(OrderId)) id: string,
    @Body(zod(ReviseOrderRequest)) edit: z.output<typeof ReviseOrderRequest>,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderView> {
    const basis = versionOf(headers['if-match']);
    const request = { id, basis, edit, revisionId: newId(), traceparent: headers['traceparent'] };
    const asked = keyed(idempotencyKeyIn(headers), { id, basis, edit }, request);
    const { answer, replayed } = await this.unitOfWork.request(reviseOrderOnce, asked);
    tellChanged(reply, answer.order.version, replayed);
    const status = answer.outcome === 'requested' ? HttpStatus.ACCEPTED : HttpStatus.OK;
    void reply.status(status);
    return answer.order;
  }
}
