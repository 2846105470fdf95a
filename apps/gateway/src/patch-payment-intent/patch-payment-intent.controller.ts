import { PatchPaymentIntentRequest } from '@backstep/contracts/http';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { PROBLEMS } from '@backstep/problems';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { CHANGED } from '../api/change.js';
import { changeIntent, INTENT_LINKS } from '../api/change-intent.js';
import { IfMatch } from '../api/etag.js';
import { keyForEach } from '../api/idempotency.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { PaymentIntent } from '../representations/payment-intent.js';
import { Services } from '../services/services.js';

export const patchPaymentIntent = operation({
  id: 'patchPaymentIntent',
  operator: true,
  method: 'PATCH',
  path: PATHS.paymentIntent,
  tag: 'Payments',
  summary: 'Change the amount of a payment intent',
  description:
    'Only while it is CREATED. From the request for its charge on, its amount is fixed: what is captured is the amount that the intent shows.',
  params: { paymentIntentId: z.uuid() },
  headers: {
    'If-Match': IfMatch,
    'Idempotency-Key': keyForEach('change'),
  },
  absentHeaders: { 'If-Match': PROBLEMS.preconditionRequired },
  body: PatchPaymentIntentRequest,
  answers: {
    200: {
      description: 'The intent with its new amount',
      content: { 'application/json': PaymentIntent },
      headers: CHANGED,
      links: INTENT_LINKS,
    },
  },
  problems: [
    PROBLEMS.notFound,
    PROBLEMS.conflict,
    SHOP_PROBLEMS.tooLate,
    PROBLEMS.preconditionRequired,
    PROBLEMS.preconditionFailed,
    PROBLEMS.idempotencyKeyReused,
    PROBLEMS.contended,
    PROBLEMS.unavailable,
  ],
});

@Controller()
export class PatchPaymentIntentController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(patchPaymentIntent)
  patch(
    @Input(patchPaymentIntent) { params, headers, body, context }: InputOf<typeof patchPaymentIntent>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentIntent> {
    const request = { method: 'PATCH', path: `/payment-intents/${params.paymentIntentId}`, headers, body } as const;
    return changeIntent(this.services, context, request, reply);
  }
}
