import { type PaymentIntentView, RefundPaymentIntentRequest } from '@backstep/contracts/http';
import { idempotencyKeyIn, keyed, tellChanged } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import { zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Body, Controller, Headers, HttpCode, HttpStatus, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { refundPaymentIntentOnce } from './refund-payment-intent.handler.js';

@Controller('payment-intents')
export class RefundPaymentIntentController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Post(':id/refunds')
  @HttpCode(HttpStatus.ACCEPTED)
  async refund(
    @Param('id', zod(z.uuid())) id: string,
    @Body(zod(RefundPaymentIntentRequest)) body: RefundPaymentIntentRequest,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentIntentView> {
    const sent = { id, ...body };
    const request = keyed(idempotencyKeyIn(headers), sent, { ...sent, refundId: newId() });
    const { answer, replayed } = await this.unitOfWork.request(refundPaymentIntentOnce, request);
    tellChanged(reply, answer.version, replayed);
    return answer;
  }
}
