import { Body, Controller, Inject } from '@nestjs/common';
import { WebhookAnswer } from '@backstep/contracts/http';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { ProviderEvent } from '../representations/provider-event.js';
import { Services } from '../services/services.js';

const SIGNATURE_MAX_CHARACTERS = 2_000;

export const receiveWebhook = operation({
  id: 'receiveWebhook',
  method: 'POST',
  path: PATHS.providerWebhook,
  tag: 'Payments',
  summary: "Take in an event of the payment provider's",
  description:
    'For the provider alone, which signs each event with a secret. An event may come twice, late and in any order: it settles its payment once. ' +
    '200 means that what follows from it is stored; for anything else the provider sends it again. A signature is refused that is more than ' +
    'five minutes old.',
  headers: {
    'Stripe-Signature': z.string().max(SIGNATURE_MAX_CHARACTERS).meta({
      description:
        "By Stripe's scheme: `t=` a Unix time in seconds, `v1=` the HMAC-SHA256 of that time, a dot and the body",
    }),
  },
  headerProblems: { 'Stripe-Signature': SHOP_PROBLEMS.signatureInvalid },
  absentHeaders: { 'Stripe-Signature': SHOP_PROBLEMS.signatureInvalid },
  body: ProviderEvent,
  rawBody: true,
  answers: {
    200: { description: 'It need not come again', content: { 'application/json': WebhookAnswer } },
  },
  problems: [SHOP_PROBLEMS.signatureInvalid, PROBLEMS.conflict, PROBLEMS.contended, PROBLEMS.unavailable],
});

/**
 * Passes events on as they came. The payment service checks the signature: it holds the provider's secrets, and believes no event that the
 * gateway alone vouches for.
 */
@Controller()
export class ReceiveWebhookController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(receiveWebhook)
  async receive(
    @Input(receiveWebhook) { headers, context }: InputOf<typeof receiveWebhook>,
    @Body() bytes: Buffer | undefined,
  ): Promise<WebhookAnswer> {
    const { body } = await this.services.payment.request(context, {
      answer: WebhookAnswer,
      method: 'POST',
      path: '/webhooks/provider',
      headers: { 'stripe-signature': headers['Stripe-Signature'] },
      json: bytes ?? '',
    });
    return body;
  }
}
