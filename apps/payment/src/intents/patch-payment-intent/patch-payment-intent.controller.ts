import { PatchPaymentIntentRequest, type PaymentIntentView } from '@backstep/contracts/http';
import { idempotencyKeyIn, keyed, tellChanged } from '@backstep/idempotency';
import { versionOf, zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Body, Controller, Headers, Inject, Param, Patch, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { patchPaymentIntentOnce } from './patch-payment-intent.handler.js';

@Controller('payment-intents')
export class PatchPaymentIntentController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Patch(':id')
  async patch(
    @Param('id', zod(z.uuid())) id: string,
    @Body(zod(PatchPaymentIntentRequest)) edit: PatchPaymentIntentRequest,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentIntentView> {
    const request = { id, basis: versionOf(headers['if-match']), edit };
    const { answer, replayed } = await this.unitOfWork.request(
      patchPaymentIntentOnce,
      keyed(idempotencyKeyIn(headers), request, request),
    );
    tellChanged(reply, answer.version, replayed);
    return answer;
  }
}
