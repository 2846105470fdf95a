import type { UnitOfWork } from '@backstep/unit-of-work';
import { randomBytes } from 'node:crypto';
import Stripe from 'stripe';
import { readEvent } from './provider-event.js';
import { delivery, receiveWebhookOnce } from './receive-webhook.handler.js';

/** Not a suite: events as Stripe sends them, as far as they are read, and deliveries of them. */
export const SECRET = 'whsec_of_the_specs';

export interface Event {
  readonly id: string;
  readonly object: 'event';
  readonly type: string;
  readonly data: { readonly object: Readonly<Record<string, unknown>> };
  readonly request?: { readonly idempotency_key: string };
}

/** @param key of the request that it follows from; absent: not told */
const newEvent = (type: string, object: Record<string, unknown>, key?: string): Event => ({
  id: `evt_${randomBytes(12).toString('hex')}`,
  object: 'event',
  type,
  data: { object },
  ...(key !== undefined && { request: { idempotency_key: key } }),
});

const intent = (paymentIntentId: string, change: object) => ({
  id: `pi_of_${paymentIntentId.replaceAll('-', '')}`,
  object: 'payment_intent',
  amount: 4200,
  amount_received: 4200,
  currency: 'eur',
  metadata: { orderId: paymentIntentId, paymentIntentId },
  status: 'succeeded',
  last_payment_error: null,
  ...change,
});

export const succeeded = (paymentIntentId: string, change: object = {}): Event =>
  newEvent('payment_intent.succeeded', intent(paymentIntentId, change));

export const failed = (paymentIntentId: string, change: object = {}): Event =>
  newEvent(
    'payment_intent.payment_failed',
    intent(paymentIntentId, {
      amount_received: 0,
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined', decline_code: 'lost_card', message: 'Your card was declined.' },
      ...change,
    }),
  );

export const refunded = (paymentIntentId: string, reference: string, change: object = {}, key?: string): Event =>
  newEvent(
    'charge.refunded',
    {
      id: 'ch_1',
      object: 'charge',
      amount: 4200,
      amount_refunded: 4200,
      currency: 'eur',
      metadata: { orderId: paymentIntentId, paymentIntentId },
      payment_intent: reference,
      refunded: true,
      ...change,
    },
    key,
  );

/** Takes it in at an instance, behind HTTP and its signature. @returns what became of it */
export async function tell({ unitOfWork }: { readonly unitOfWork: UnitOfWork }, told: Event): Promise<string> {
  const event = readEvent(told);
  if (typeof event === 'string') return event;
  const { answer, replayed } = await unitOfWork.request(receiveWebhookOnce, delivery(event));
  return replayed ? 'duplicate' : answer.outcome;
}

export interface Signed {
  readonly secret?: string;
  /** Seconds before now. */
  readonly age?: number;
  /** Instead of the header that would be right; null: none. */
  readonly header?: string | null;
  /** What is sent, though the signature is of the event. */
  readonly body?: string;
}

/** Delivers it over HTTP to an instance of the service. */
export async function deliver(base: string, event: unknown, { secret = SECRET, age = 0, header, body }: Signed = {}) {
  const payload = JSON.stringify(event);
  const timestamp = Math.floor(Date.now() / 1_000) - age;
  const signature = header ?? Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  const answer = await fetch(`${base}/webhooks/provider`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(header !== null && { 'stripe-signature': signature }),
    },
    body: body ?? payload,
  });
  const told = (await answer.json()) as { outcome?: string; type?: string; detail?: string };
  return { status: answer.status, what: told.outcome ?? told.type?.split(':').at(-1), detail: told.detail };
}
