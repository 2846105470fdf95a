import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { PROBLEMS } from '@backstep/problems';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { CHANGED } from '../api/change.js';
import { changeIntent, INTENT_LINKS } from '../api/change-intent.js';
import { keyForEach } from '../api/idempotency.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { PaymentIntent } from '../representations/payment-intent.js';
import { Services } from '../services/services.js';

export const cancelPaymentIntent = operation({
  id: 'cancelPaymentIntent',
  operator: true,
  method: 'POST',
  path: PATHS.paymentIntentCancel,
  tag: 'Payments',
  summary: 'Give a payment intent up',
  description: 'Only while it is CREATED: it is never charged then. What was charged is refunded instead.',
  params: { paymentIntentId: z.uuid() },
  headers: { 'Idempotency-Key': keyForEach('cancellation') },
  answers: {
    200: {
      description: 'The intent, CANCELLED',
      content: { 'application/json': PaymentIntent },
      headers: CHANGED,
      links: INTENT_LINKS,
    },
  },
  problems: [
    PROBLEMS.notFound,
    PROBLEMS.conflict,
    SHOP_PROBLEMS.tooLate,
    PROBLEMS.idempotencyKeyReused,
    PROBLEMS.contended,
    PROBLEMS.unavailable,
  ],
});

@Controller()
export class CancelPaymentIntentController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(cancelPaymentIntent)
  cancel(
    @Input(cancelPaymentIntent) { params, headers, context }: InputOf<typeof cancelPaymentIntent>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentIntent> {
    const path = `/payment-intents/${params.paymentIntentId}/cancel`;
    return changeIntent(this.services, context, { method: 'POST', path, headers }, reply);
  }
}
