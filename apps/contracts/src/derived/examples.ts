import { encode, message, type MessageDefinition, type WireMessage } from '@backstep/messages';

/**
 * One order, told by all messages: a field has the same value wherever it appears. Ids are fixed, so that what is generated from
 * them changes only when a contract does.
 */
const FIELDS: Readonly<Record<string, unknown>> = {
  orderId: '019a3f5e-7c00-7a10-8a01-5d2f6c1b9e00',
  currency: 'EUR',
  total: 2580,
  amount: 2580,
  items: [{ sku: 'mug-blue', quantity: 2, unitPrice: 1290 }],
  from: [{ sku: 'mug-blue', quantity: 2, unitPrice: 1290 }],
  to: [{ sku: 'mug-blue', quantity: 3, unitPrice: 1290 }],
  charge: 1290,
  refund: 0,
  short: [{ sku: 'mug-blue', requested: 2, available: 1 }],
  paymentMethod: 'pm_card_visa',
  paymentIntentId: '019a3f5e-7c40-7b22-9b13-0c4e8d7a6f11',
  providerReference: 'pi_3QxExample',
  shippingAddress: {
    name: 'Ada Lovelace',
    line1: '12 St James Square',
    city: 'London',
    postalCode: 'SW1Y 4JH',
    country: 'GB',
  },
  revisionId: '019a3f5e-7d40-7d88-8b68-5a9d3c2f1e77',
  shipmentId: '019a3f5e-7c80-7c33-8c24-1d5f9e8b7a22',
  trackingNumber: 'BS1D5F9E8B7A22',
  cancellationId: '019a3f5e-7cc0-7d44-9d35-2e6a0f9c8b33',
  failure: { code: 'payment_declined', message: 'Your card has insufficient funds.' },
  reason: 'insufficient_funds',
  message: 'Your card has insufficient funds.',
  sku: 'mug-blue',
  name: 'Mug, blue',
  price: 1290,
};

const HANDED_OVER = { code: 'handed_over', message: 'The carrier has the parcel.' };

/** Examples of fields that have another meaning in one message. */
const DIFFERENT: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  RefundPayment: { amount: undefined },
  RefuseCancellation: { failure: HANDED_OVER },
  OrderCancellationRefused: { failure: HANDED_OVER },
  StockRejected: { reason: 'out_of_stock' },
  RevisionRejected: { reason: 'out_of_stock' },
  ShipmentRefused: { reason: 'The carrier does not deliver to Antarctica.' },
  ShipmentCancellationRefused: { reason: 'The carrier has the parcel.' },
  ShipmentRevisionRefused: { reason: 'The carrier has the parcel.' },
};

const ID = '019a3f5e-7d00-7e55-8f46-2e6a0f9c8b33';
const SAGA_ID = '5b1d2a64-9c37-5f0e-8a8b-3a1f7c5d9e44';
const COMMAND_ID = '019a3f5e-7cfe-7e66-9a57-4f8c2b1e0d66';
const CAUSE_ID = '019a3f5e-7cff-7d44-9d35-3f7b1a0d9c55';

/** Events that answer no command and belong to no saga yet. */
const ASKED_BY_NOBODY = new Set([
  'OrderPlaced',
  'OrderWithdrawalRequested',
  'OrderCancellationRequested',
  'OrderRevisionRequested',
  'ProductListed',
  'ProductRepriced',
  'ShipmentHandedOver',
  'ShipmentDelivered',
]);

/** @throws Error when a field has no example yet: add it to `FIELDS`. */
export function exampleData(definition: MessageDefinition): Record<string, unknown> {
  const values = { ...FIELDS, ...DIFFERENT[definition.name] };
  const result = definition.schema.safeParse(values);
  if (result.success) return result.data;
  const missing = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new Error(
    `${definition.name} has no valid example (${missing}): add the fields to apps/contracts/src/derived/examples.ts`,
  );
}

/** The example as Kafka would carry it, with all headers that apply. */
export function exampleOnTheWire(definition: MessageDefinition, source: string): WireMessage {
  const isAsked = !ASKED_BY_NOBODY.has(definition.name);
  return encode(
    message(definition, exampleData(definition), {
      id: ID,
      source,
      time: '2025-11-01T12:00:00.000Z',
      ...(isAsked && { sagaId: SAGA_ID, causationId: CAUSE_ID, commandId: COMMAND_ID }),
      ...(definition.kind === 'event' && { aggregateVersion: 1 }),
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    }),
    definition,
  );
}
