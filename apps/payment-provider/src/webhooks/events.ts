import type { Ledger } from '../ledger/ledger.js';
import type { IntentRecord, LedgerRecord, WebhookRecord } from '../ledger/records.js';
import { chargeObject, paymentIntentObject, seconds } from '../stripe/objects.js';

/**
 * An event as Stripe sends it (https://docs.stripe.com/api/events/object), as far as it is used. It follows from what is in the journal alone,
 * so that each delivery of it tells the same.
 * @throws Error when the record that it is of is not in the journal
 */
export async function eventOf(ledger: Ledger, webhook: WebhookRecord) {
  const { of } = webhook;
  const intent = await ledger.find('intent', of);
  if (intent) return event(webhook, intent, intentTold(intent));
  const refund = await ledger.find('refund', of);
  const refunded = refund && (await ledger.find('intent', refund.intent));
  if (!refunded) throw new Error(`the journal has no ${of}`);
  const after = webhook.refunded ?? refund.amount;
  return event(webhook, refund, {
    type: 'charge.refunded',
    object: chargeObject(refunded, after),
    before: { amount_refunded: after - refund.amount, refunded: false },
  });
}

interface Told {
  readonly type: string;
  readonly object: object;
  /** The members of the object that have changed, as they were. */
  readonly before?: object;
}

const intentTold = (intent: IntentRecord): Told => ({
  type: intent.declined ? 'payment_intent.payment_failed' : 'payment_intent.succeeded',
  object: paymentIntentObject(intent),
});

const event = ({ id, createdAt }: WebhookRecord, { origin }: LedgerRecord, { type, object, before }: Told) => ({
  id,
  object: 'event',
  api_version: null,
  created: seconds(createdAt),
  data: before ? { object, previous_attributes: before } : { object },
  livemode: false,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: origin?.key ?? null },
  type,
});
