import type { Form } from './form.js';
import { isMetadata, metadataOf } from './form.js';
import { findCard, type TestCard } from './test-cards.js';
import { invalid, missing, noSuch, type StripeError } from './stripe-error.js';

/** Stripe's own limit: 99,999,999 of the minor unit. */
const AMOUNT_MAX = 99_999_999;
const METADATA_ENTRIES_MAX = 50;
const METADATA_VALUE_MAX_CHARACTERS = 500;
const PAGE_MAX = 100;
const PAGE_DEFAULT = 10;

export interface ChargeParameters {
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
  readonly card: TestCard;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface RefundParameters {
  readonly intent: string;
  /** Default: everything that is left. */
  readonly amount: number | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Parameters that are implemented or harmless. Others are refused, since Stripe would not ignore them. */
const CHARGE_PARAMETERS =
  /^(amount|currency|payment_method|confirm|description|off_session|error_on_requires_action|payment_method_types\[\d*\]|automatic_payment_methods\[(enabled|allow_redirects)\])$/;
const REFUND_PARAMETERS = /^(payment_intent|amount|reason)$/;

/** @throws StripeError naming the parameter that is wrong */
export function chargeParameters(form: Form): ChargeParameters {
  refuseUnknown(form, CHARGE_PARAMETERS);
  const paymentMethod = required(form, 'payment_method');
  const card = findCard(paymentMethod);
  if (!card) throw noSuch('PaymentMethod', paymentMethod, 'payment_method', 400);
  if (form.get('confirm') !== 'true') throw invalid('confirm', 'This stand-in only creates intents with confirm=true.');
  const currency = required(form, 'currency').toLowerCase();
  if (!/^[a-z]{3}$/.test(currency)) throw invalid('currency', `Invalid currency: ${currency.slice(0, 20)}.`);
  return { amount: amountOf(required(form, 'amount')), currency, paymentMethod, card, metadata: checkedMetadata(form) };
}

/** @throws StripeError naming the parameter that is wrong */
export function refundParameters(form: Form): RefundParameters {
  refuseUnknown(form, REFUND_PARAMETERS);
  const amount = form.get('amount');
  return {
    intent: required(form, 'payment_intent'),
    amount: amount === undefined ? undefined : amountOf(amount),
    metadata: checkedMetadata(form),
  };
}

export interface PageParameters {
  readonly limit: number;
  readonly startingAfter: string | undefined;
}

/** @throws StripeError naming the parameter that is wrong */
export function pageParameters(
  query: Readonly<Record<string, unknown>>,
  ...filters: readonly string[]
): PageParameters {
  for (const name of Object.keys(query)) {
    if (!['limit', 'starting_after', ...filters].includes(name)) throw unknownParameter(name);
  }
  const { limit = String(PAGE_DEFAULT), starting_after: startingAfter } = query;
  if (typeof limit !== 'string' || !/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > PAGE_MAX) {
    throw invalid('limit', `This value must be from 1 to ${PAGE_MAX}.`, 'parameter_invalid_integer');
  }
  return { limit: Number(limit), startingAfter: typeof startingAfter === 'string' ? startingAfter : undefined };
}

function required(form: Form, name: string): string {
  const value = form.get(name);
  if (value === undefined || value === '') throw missing(name);
  return value;
}

function amountOf(value: string): number {
  if (!/^\d{1,8}$/.test(value))
    throw invalid('amount', `Invalid integer: ${value.slice(0, 20)}`, 'parameter_invalid_integer');
  const amount = Number(value);
  if (amount < 1 || amount > AMOUNT_MAX) throw invalid('amount', `Amount must be from 1 to ${AMOUNT_MAX}.`);
  return amount;
}

function checkedMetadata(form: Form): Readonly<Record<string, string>> {
  const metadata = metadataOf(form);
  const values = Object.values(metadata);
  if (values.length > METADATA_ENTRIES_MAX)
    throw invalid('metadata', `You can have up to ${METADATA_ENTRIES_MAX} keys.`);
  if (values.some((value) => value.length > METADATA_VALUE_MAX_CHARACTERS)) {
    throw invalid('metadata', `Values can have up to ${METADATA_VALUE_MAX_CHARACTERS} characters.`);
  }
  return metadata;
}

function refuseUnknown(form: Form, known: RegExp): void {
  for (const name of form.keys()) if (!known.test(name) && !isMetadata(name)) throw unknownParameter(name);
}

const unknownParameter = (name: string): StripeError =>
  invalid(name.slice(0, 100), `Received unknown parameter: ${name.slice(0, 100)}`, 'parameter_unknown');
