import { Controller, Inject, Res } from '@nestjs/common';
import { PaymentIntentView } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ETAG, IF_NONE_MATCH, isNotModified, NOT_MODIFIED } from '../api/etag.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { PaymentIntent, toPaymentIntent } from '../representations/payment-intent.js';
import { Services } from '../services/services.js';

export const readPaymentIntent = operation({
  id: 'readPaymentIntent',
  operator: true,
  method: 'GET',
  path: PATHS.paymentIntent,
  tag: 'Payments',
  summary: 'Read what was charged and refunded, for an order or by itself',
  description: 'The payment of an order has the id of the order.',
  params: { paymentIntentId: z.uuid() },
  headers: IF_NONE_MATCH,
  answers: {
    200: {
      description: 'The payment intent',
      content: { 'application/json': PaymentIntent },
      headers: { ETag: ETAG },
      links: { order: { operationId: 'readOrder', parameters: { orderId: '$response.body#/orderId' } } },
    },
    ...NOT_MODIFIED,
  },
  problems: [PROBLEMS.notFound, PROBLEMS.unavailable],
});

@Controller()
export class ReadPaymentIntentController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(readPaymentIntent)
  async read(
    @Input(readPaymentIntent) { params, headers, context }: InputOf<typeof readPaymentIntent>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentIntent | undefined> {
    const path = `/payment-intents/${params.paymentIntentId}`;
    const intent = await this.services.payment.get(context, path, PaymentIntentView);
    const shown = toPaymentIntent(intent);
    return isNotModified(reply, shown, headers['If-None-Match']) ? undefined : shown;
  }
}
