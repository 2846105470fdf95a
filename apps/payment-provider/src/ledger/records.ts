import type { CardDecline } from '@backstep/contracts/stand-ins';

/** The records of the journal: written once, never changed. Amounts are integer minor units. */
export type JournalRecord = LedgerRecord | WebhookRecord | WebhookEndedRecord;
/** The records that move money. */
export type LedgerRecord = IntentRecord | RefundRecord;

/** The request that made a record, so that a repetition of it is recognised. */
export interface Origin {
  readonly key: string;
  /** A digest of method, path and parameters: the same key with another request is an error of the client. */
  readonly fingerprint: string;
}

interface BaseRecord {
  readonly id: string;
  readonly amount: number;
  /** ISO 4217, lower case, as Stripe writes it. */
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Unix time in milliseconds. */
  readonly createdAt: number;
  readonly origin?: Origin | undefined;
}

export interface IntentRecord extends BaseRecord {
  readonly kind: 'intent';
  readonly charge: string;
  readonly paymentMethod: string;
  /** Why the card was refused; without it the amount was captured. */
  readonly declined?: CardDecline | undefined;
}

export interface RefundRecord extends BaseRecord {
  readonly kind: 'refund';
  readonly intent: string;
  readonly charge: string;
}

/** An event that is to be sent; what it tells is made from this and the record that it is of. */
export interface WebhookRecord {
  readonly kind: 'webhook';
  /** Stripe's `evt_…`. */
  readonly id: string;
  /** The id of the record. */
  readonly of: string;
  /** Of a refund: what its charge had given back by then, this refund included. */
  readonly refunded?: number | undefined;
  /** Unix time in milliseconds. */
  readonly createdAt: number;
}

/** The event was taken, or is given up. */
export interface WebhookEndedRecord {
  readonly kind: 'webhook-ended';
  readonly id: string;
}
