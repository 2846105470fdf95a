import { freeText, line } from '@backstep/messages';
import { z } from 'zod';
import { holdsCardNumber } from '@backstep/redaction';
import { CURRENCIES } from './currencies.js';

/** Money is an integer count of the currency's minor unit (cents) beside an ISO 4217 code. Never a float. */
export const MinorUnits = z
  .int()
  .min(0)
  .max(1_000_000_000_00)
  .meta({ description: 'Integer minor units, for example cents' });
const NO_CURRENCY = 'must be an ISO 4217 code such as EUR';
/** The currency of messages and answers: any code, so that older messages stay readable when a currency is withdrawn. */
export const Currency = z.string().regex(/^[A-Z]{3}$/, NO_CURRENCY);
/** The currency of a new price: a code in use, since the payment provider would refuse every order in another one. */
export const RequestedCurrency = z.enum(CURRENCIES, { error: NO_CURRENCY });
export const OrderId = z.uuid();
/** Names one revision of an order, in all that is asked and answered because of it. */
export const RevisionId = z.uuid();
export const Sku = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be letters, digits, dot, dash or underscore');
export const Quantity = z.int().min(1).max(10_000);

/** An order has at most this many lines. */
export const MAX_LINES = 100;

/** What the payment provider calls the customer's card. Never logged. */
export const PaymentMethod = line(255);
/** An account of ours as a payment method: `account:` and its id. */
export const ACCOUNT_METHOD = /^account:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
/** The payment method in a request: the provider's name of it, never a card number; or an account of ours. */
export const RequestedPaymentMethod = z
  .string()
  .max(255)
  .regex(
    new RegExp(`^pm_[A-Za-z0-9_]+$|${ACCOUNT_METHOD.source}`),
    "must be the payment provider's name of a card, such as pm_card_visa, or account: and the id of an account",
  )
  // The digits of an account's id are drawn, and may look like a card number.
  .refine((text) => ACCOUNT_METHOD.test(text) || !holdsCardNumber(text), 'must not contain a card number');

export const ShippingAddress = z.strictObject({
  name: line(200),
  line1: line(200),
  city: line(100),
  postalCode: line(20),
  country: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code such as DE'),
});
export type ShippingAddress = z.infer<typeof ShippingAddress>;
/** The address in a request. */
export const RequestedAddress = ShippingAddress.extend({
  name: freeText(200),
  line1: freeText(200),
  city: freeText(100),
  postalCode: freeText(20),
});

/** Where somebody is reached by post: an address for orders without its name. */
export const PostalAddress = ShippingAddress.omit({ name: true });
export type PostalAddress = z.infer<typeof PostalAddress>;
export const RequestedPostalAddress = RequestedAddress.omit({ name: true });

/** In lower case, so that an account has one id. */
export const AccountId = z.uuid().toLowerCase();

/** A UUID, so that no name and no e-mail address gets into URLs and logs. */
export const CustomerId = z.uuid();
export const RequestedEmail = freeText(254).regex(
  /^[^\s@]+@[^\s@]+$/,
  'must be an e-mail address such as ada@example.org',
);
export const RequestedPhone = freeText(32).regex(
  /^[+]?[0-9][0-9 ()./-]*$/,
  'must be a phone number such as +44 20 7946 0958',
);

export const FAILURE_CODES = [
  'out_of_stock',
  'payment_declined',
  'shipment_refused',
  'timed_out',
  'cancelled_by_customer',
] as const;

/** Why an order was rejected. The code is for programs, the message for people. */
export const Failure = z.object({ code: z.enum(FAILURE_CODES), message: z.string().max(500) });
export type Failure = z.infer<typeof Failure>;

/** Why an order was not cancelled. `rejected_meanwhile`: it had come to nothing by itself. `timed_out`: an operator gave the cancellation up. */
export const CANCELLATION_REFUSALS = ['handed_over', 'confirmed_meanwhile', 'rejected_meanwhile', 'timed_out'] as const;

export const CancellationRefusal = z.object({ code: z.enum(CANCELLATION_REFUSALS), message: z.string().max(500) });
export type CancellationRefusal = z.infer<typeof CancellationRefusal>;

export const RequestedItem = z.object({ sku: Sku, quantity: Quantity });
export type RequestedItem = z.infer<typeof RequestedItem>;

export const PricedItem = RequestedItem.extend({ unitPrice: MinorUnits });
export type PricedItem = z.infer<typeof PricedItem>;
