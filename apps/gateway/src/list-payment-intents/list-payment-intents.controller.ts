import { Controller, Inject } from '@nestjs/common';
import { PaymentIntentViews, PaymentStatus, type Page } from '@backstep/contracts/http';
import { PROBLEMS, UUID_KEY } from '@backstep/problems';
import { type InputOf, operation } from '../api/operation.js';
import { cursorOf, mapPage, namedPageOf, pageQuery } from '../api/page.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { PaymentIntent, toPaymentIntent } from '../representations/payment-intent.js';
import { Services } from '../services/services.js';

export const listPaymentIntents = operation({
  id: 'listPaymentIntents',
  operator: true,
  method: 'GET',
  path: PATHS.paymentIntents,
  tag: 'Payments',
  summary: 'List payment intents, newest first',
  description: 'Those of orders, too: by the time of their order.',
  query: { status: PaymentStatus.optional(), ...pageQuery(cursorOf('payment-intents', UUID_KEY)) },
  answers: {
    200: {
      description: 'A page of payment intents',
      content: { 'application/json': namedPageOf('PaymentIntentPage', PaymentIntent) },
      links: {
        first: { operationId: 'readPaymentIntent', parameters: { paymentIntentId: '$response.body#/items/0/id' } },
      },
    },
  },
  problems: [PROBLEMS.unavailable],
});

@Controller()
export class ListPaymentIntentsController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(listPaymentIntents)
  async list(
    @Input(listPaymentIntents) { query, context }: InputOf<typeof listPaymentIntents>,
  ): Promise<Page<PaymentIntent>> {
    const page = await this.services.payment.get(context, '/payment-intents', PaymentIntentViews, query);
    return mapPage(page, toPaymentIntent);
  }
}
