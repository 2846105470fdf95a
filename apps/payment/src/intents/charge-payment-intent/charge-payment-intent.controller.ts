import { ChargePaymentIntentRequest, type PaymentIntentView } from '@backstep/contracts/http';
import { idempotencyKeyIn, keyed, tellChanged } from '@backstep/idempotency';
import { versionOf, zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Body, Controller, Headers, HttpCode, HttpStatus, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { chargePaymentIntentOnce } from './charge-payment-intent.handler.js';

@Controller('payment-intents')
export class ChargePaymentIntentController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Post(':id/charge')
  @HttpCode(HttpStatus.ACCEPTED)
  async charge(
    @Param('id', zod(z.uuid())) id: string,
    @Body(zod(ChargePaymentIntentRequest)) edit: ChargePaymentIntentRequest,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentIntentView> {
    const request = { id, basis: versionOf(headers['if-match']), edit };
    const { answer, replayed } = await this.unitOfWork.request(
      chargePaymentIntentOnce,
      keyed(idempotencyKeyIn(headers), request, request),
    );
    tellChanged(reply, answer.version, replayed);
    return answer;
  }
}
