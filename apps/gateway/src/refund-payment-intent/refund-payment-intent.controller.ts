import { RefundPaymentIntentRequest } from '@backstep/contracts/http';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { PROBLEMS } from '@backstep/problems';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { CHANGED } from '../api/change.js';
import { changeIntent, INTENT_LINKS, requiredKeyForEach } from '../api/change-intent.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { PaymentIntent } from '../representations/payment-intent.js';
import { Services } from '../services/services.js';

export const refundPaymentIntent = operation({
  id: 'refundPaymentIntent',
  operator: true,
  method: 'POST',
  path: PATHS.paymentIntentRefunds,
  tag: 'Payments',
  summary: 'Give back some or all of what a payment intent has taken',
  description:
    'One refund runs at a time. The provider is asked after this is answered; read the intent for what was given back.',
  params: { paymentIntentId: z.uuid() },
  headers: { 'Idempotency-Key': requiredKeyForEach('refund') },
  headerProblems: { 'Idempotency-Key': PROBLEMS.idempotencyKeyMissing },
  body: RefundPaymentIntentRequest,
  answers: {
    202: {
      description: 'The intent, REFUND_REQUESTED',
      content: { 'application/json': PaymentIntent },
      headers: CHANGED,
      links: INTENT_LINKS,
    },
  },
  problems: [
    PROBLEMS.idempotencyKeyMissing,
    PROBLEMS.notFound,
    PROBLEMS.conflict,
    SHOP_PROBLEMS.inProgress,
    PROBLEMS.outOfRange,
    PROBLEMS.idempotencyKeyReused,
    PROBLEMS.contended,
    PROBLEMS.unavailable,
  ],
});

@Controller()
export class RefundPaymentIntentController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(refundPaymentIntent)
  refund(
    @Input(refundPaymentIntent) { params, headers, body, context }: InputOf<typeof refundPaymentIntent>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentIntent> {
    const path = `/payment-intents/${params.paymentIntentId}/refunds`;
    return changeIntent(this.services, context, { method: 'POST', path, headers, body }, reply);
  }
}
