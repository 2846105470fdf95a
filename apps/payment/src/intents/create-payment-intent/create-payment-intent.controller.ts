import { CreatePaymentIntentRequest, type PaymentIntentView } from '@backstep/contracts/http';
import { idempotencyKeyIn, keyed, tellChanged } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import { zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Body, Controller, Headers, HttpCode, HttpStatus, Inject, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { createPaymentIntentOnce } from './create-payment-intent.handler.js';

@Controller('payment-intents')
export class CreatePaymentIntentController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Post()
  @HttpCode(HttpStatus.CREATED)
  async create(
    @Body(zod(CreatePaymentIntentRequest)) body: CreatePaymentIntentRequest,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentIntentView> {
    const request = keyed(idempotencyKeyIn(headers), body, { ...body, id: newId() });
    const { answer, replayed } = await this.unitOfWork.request(createPaymentIntentOnce, request);
    tellChanged(reply, answer.version, replayed);
    return answer;
  }
}
