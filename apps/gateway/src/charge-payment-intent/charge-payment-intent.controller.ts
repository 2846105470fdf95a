import { ChargePaymentIntentRequest } from '@backstep/contracts/http';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { PROBLEMS } from '@backstep/problems';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { CHANGED } from '../api/change.js';
import { changeIntent, INTENT_LINKS, requiredKeyForEach } from '../api/change-intent.js';
import { IfMatch } from '../api/etag.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { PaymentIntent } from '../representations/payment-intent.js';
import { Services } from '../services/services.js';

export const chargePaymentIntent = operation({
  id: 'chargePaymentIntent',
  operator: true,
  method: 'POST',
  path: PATHS.paymentIntentCharge,
  tag: 'Payments',
  summary: 'Charge a payment intent',
  description:
    'Once in its life. The provider is asked after this is answered; read the intent for the outcome, CHARGED or CHARGE_FAILED. With If-Match the ' +
    'amount is charged that was read; without, the amount that the intent has.',
  params: { paymentIntentId: z.uuid() },
  headers: {
    'Idempotency-Key': requiredKeyForEach('charge'),
    'If-Match': IfMatch.optional(),
  },
  headerProblems: { 'Idempotency-Key': PROBLEMS.idempotencyKeyMissing },
  body: ChargePaymentIntentRequest,
  answers: {
    202: {
      description: 'The intent, CHARGE_REQUESTED',
      content: { 'application/json': PaymentIntent },
      headers: CHANGED,
      links: INTENT_LINKS,
    },
  },
  problems: [
    PROBLEMS.idempotencyKeyMissing,
    PROBLEMS.notFound,
    PROBLEMS.conflict,
    SHOP_PROBLEMS.tooLate,
    PROBLEMS.preconditionFailed,
    SHOP_PROBLEMS.paymentMethodMissing,
    PROBLEMS.idempotencyKeyReused,
    PROBLEMS.contended,
    PROBLEMS.unavailable,
  ],
});

@Controller()
export class ChargePaymentIntentController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(chargePaymentIntent)
  charge(
    @Input(chargePaymentIntent) { params, headers, body, context }: InputOf<typeof chargePaymentIntent>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentIntent> {
    const path = `/payment-intents/${params.paymentIntentId}/charge`;
    return changeIntent(this.services, context, { method: 'POST', path, headers, body }, reply);
  }
}
