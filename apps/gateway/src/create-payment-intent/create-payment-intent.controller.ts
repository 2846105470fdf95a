import { CreatePaymentIntentRequest } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CHANGED } from '../api/change.js';
import { changeIntent, INTENT_LINKS, requiredKeyForEach } from '../api/change-intent.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { PaymentIntent } from '../representations/payment-intent.js';
import { Services } from '../services/services.js';

export const createPaymentIntent = operation({
  id: 'createPaymentIntent',
  operator: true,
  method: 'POST',
  path: PATHS.paymentIntents,
  tag: 'Payments',
  summary: 'Create a payment intent',
  description:
    'An intent of no order. Nothing is taken yet: its amount may be changed until its charge is requested. The payments of orders are made with ' +
    'their orders.',
  headers: { 'Idempotency-Key': requiredKeyForEach('intent') },
  headerProblems: { 'Idempotency-Key': PROBLEMS.idempotencyKeyMissing },
  body: CreatePaymentIntentRequest,
  answers: {
    201: {
      description: 'The intent, CREATED',
      content: { 'application/json': PaymentIntent },
      headers: { ...CHANGED, Location: 'Where the intent is read' },
      links: INTENT_LINKS,
    },
  },
  problems: [PROBLEMS.idempotencyKeyMissing, PROBLEMS.idempotencyKeyReused, PROBLEMS.contended, PROBLEMS.unavailable],
});

@Controller()
export class CreatePaymentIntentController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(createPaymentIntent)
  create(
    @Input(createPaymentIntent) { headers, body, context }: InputOf<typeof createPaymentIntent>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentIntent> {
    const request = { method: 'POST', path: '/payment-intents', headers, body } as const;
    return changeIntent(this.services, context, request, reply);
  }
}
