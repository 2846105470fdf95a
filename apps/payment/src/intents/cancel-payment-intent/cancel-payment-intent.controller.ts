import type { PaymentIntentView } from '@backstep/contracts/http';
import { idempotencyKeyIn, keyed, tellChanged } from '@backstep/idempotency';
import { zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Controller, Headers, HttpCode, HttpStatus, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { cancelPaymentIntentOnce } from './cancel-payment-intent.handler.js';

@Controller('payment-intents')
export class CancelPaymentIntentController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Post(':id/cancel')
  @HttpCode(HttpStatus.OK)
  async cancel(
    @Param('id', zod(z.uuid())) id: string,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentIntentView> {
    const request = keyed(idempotencyKeyIn(headers), { id }, { id });
    const { answer, replayed } = await this.unitOfWork.request(cancelPaymentIntentOnce, request);
    tellChanged(reply, answer.version, replayed);
    return answer;
  }
}
