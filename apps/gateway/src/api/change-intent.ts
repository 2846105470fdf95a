import { IdempotencyKey } from '@backstep/messages';
import type { FastifyReply } from 'fastify';
import { PaymentIntentView } from '@backstep/contracts/http';
import type { RequestContext } from '@backstep/service';
import { conditionsOf, tellChanged } from './change.js';
import type { ServiceRequest } from '../services/service-client.js';
import type { Services } from '../services/services.js';
import { type PaymentIntent, toPaymentIntent } from '../representations/payment-intent.js';

/** The header of a request that moves money: it cannot be sent without one. @param what it is one key for each of */
export const requiredKeyForEach = (what: string) =>
  IdempotencyKey.meta({
    description: `Chosen by the client, one for each ${what}. The same key with the same request has one effect.`,
  });

/** Where the intent of an answer is read. */
export const INTENT_LINKS = {
  intent: { operationId: 'readPaymentIntent', parameters: { paymentIntentId: '$response.body#/id' } },
};

/** Has the payment service change an intent, on the client's conditions, and answers with the intent as it is then. */
export async function changeIntent(
  { payment }: Services,
  context: RequestContext,
  {
    headers,
    ...request
  }: Pick<ServiceRequest, 'method' | 'path' | 'body'> & { headers: Parameters<typeof conditionsOf>[0] },
  reply: FastifyReply,
): Promise<PaymentIntent> {
  const answer = await payment.request(context, {
    ...request,
    answer: PaymentIntentView,
    headers: conditionsOf(headers),
  });
  const intent = toPaymentIntent(answer.body);
  tellChanged(answer, intent, reply);
  return intent;
}
