import { captured } from '../ledger/ledger.js';
import type { IntentRecord, RefundRecord } from '../ledger/records.js';
import { StripeError } from './stripe-error.js';

/** The records as Stripe's objects. They follow from the record alone, so a repeated request gets the very same object. */
export const paymentIntentObject = (intent: IntentRecord) => ({
  id: intent.id,
  object: 'payment_intent',
  amount: intent.amount,
  amount_capturable: 0,
  amount_received: captured(intent),
  capture_method: 'automatic',
  client_secret: null,
  confirmation_method: 'automatic',
  created: seconds(intent.createdAt),
  currency: intent.currency,
  last_payment_error: intent.declined ? declineBody(intent) : null,
  latest_charge: intent.charge,
  livemode: false,
  metadata: intent.metadata,
  payment_method: intent.declined ? null : intent.paymentMethod,
  payment_method_types: ['card'],
  status: intent.declined ? 'requires_payment_method' : 'succeeded',
});

export const refundObject = (refund: RefundRecord) => ({
  id: refund.id,
  object: 'refund',
  amount: refund.amount,
  charge: refund.charge,
  created: seconds(refund.createdAt),
  currency: refund.currency,
  metadata: refund.metadata,
  payment_intent: refund.intent,
  reason: null,
  status: 'succeeded',
});

/** @param refunded what the charge has given back, minor units */
export const chargeObject = (intent: IntentRecord, refunded: number) => ({
  id: intent.charge,
  object: 'charge',
  amount: intent.amount,
  amount_captured: captured(intent),
  amount_refunded: refunded,
  captured: true,
  created: seconds(intent.createdAt),
  currency: intent.currency,
  livemode: false,
  metadata: intent.metadata,
  paid: true,
  payment_intent: intent.id,
  payment_method: intent.paymentMethod,
  refunded: refunded === intent.amount,
  status: 'succeeded',
});

/** The error of a refused card; undefined for a charged one. */
export function declineOf(intent: IntentRecord): StripeError | undefined {
  if (!intent.declined) return undefined;
  return new StripeError(402, { ...declineBody(intent), payment_intent: paymentIntentObject(intent) });
}

const declineBody = ({ declined, charge }: IntentRecord) => ({
  type: 'card_error' as const,
  code: declined?.code ?? '',
  decline_code: declined?.declineCode ?? '',
  message: declined?.message ?? '',
  charge,
});

export const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

/** A page: https://docs.stripe.com/api/pagination */
export async function listObject<R, O>(
  url: string,
  records: AsyncIterable<R>,
  limit: number,
  render: (record: R) => O,
) {
  const data: O[] = [];
  for await (const record of records) {
    if (data.length === limit) return { object: 'list', url, has_more: true, data };
    data.push(render(record));
  }
  return { object: 'list', url, has_more: false, data };
}
