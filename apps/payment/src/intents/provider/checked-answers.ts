import { UnexpectedAnswerError, type ChargeRequest, type RefundRequest } from './payment-provider.js';
import { textFrom } from './told-by-provider.js';

/** Stripe's ids are at most 255 characters (https://docs.stripe.com/upgrades#what-changes-does-stripe-consider-to-be-backwards-compatible). */
const INTENT_ID = /^pi_[A-Za-z0-9_]{1,252}$/;
const SHOWN_MAX_CHARACTERS = 60;

/** The members of Stripe's objects that are read. A foreign answer may have any type there, so each is checked. */
export interface IntentAnswer {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly amount_received: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
}
export interface RefundAnswer {
  readonly id: string;
  readonly status: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly payment_intent: unknown;
}
export interface ChargeAnswer {
  readonly amount: number;
  readonly amount_refunded: number;
  readonly currency: string;
  readonly payment_intent: unknown;
  /** The whole of it. */
  readonly refunded: boolean;
}

/** What an intent of the provider must fit. */
type AskedCharge = Pick<ChargeRequest, 'paymentIntentId' | 'chargeId' | 'amount' | 'currency'>;

/**
 * Checks that the answer is about the requested charge. After a mix-up by a proxy, a reused key or a bug, another customer's payment would be
 * stored.
 * @throws UnexpectedAnswerError
 */
export function checkIntent(answer: Partial<IntentAnswer>, asked: AskedCharge): void {
  if (typeof answer.id !== 'string' || !INTENT_ID.test(answer.id)) throw unlike('id', answer.id, 'pi_…');
  const { paymentIntentId, chargeId } = answer.metadata ?? {};
  if (paymentIntentId !== asked.paymentIntentId) throw unlike('payment', paymentIntentId, asked.paymentIntentId);
  if (chargeId !== asked.chargeId) throw unlike('charge', chargeId, asked.chargeId ?? 'the first');
  if (answer.amount !== asked.amount) throw unlike('amount', answer.amount, asked.amount);
  if (answer.currency !== asked.currency.toLowerCase()) throw unlike('currency', answer.currency, asked.currency);
}

/**
 * Checks that the whole amount is captured. Any other status is no outcome: `processing` will become one, and the others are not possible
 * for a confirmed charge that refuses when it needs the customer.
 * @throws UnexpectedAnswerError
 */
export function checkCaptured(answer: Partial<IntentAnswer>, asked: AskedCharge): void {
  checkIntent(answer, asked);
  if (answer.status !== 'succeeded') throw unlike('status', answer.status, 'succeeded');
  if (answer.amount_received !== asked.amount) throw unlike('amount received', answer.amount_received, asked.amount);
}

/** Checks that a refusal with a payment shows that nothing was taken. @throws UnexpectedAnswerError */
export function checkRefused(answer: unknown, asked: AskedCharge): void {
  if (typeof answer !== 'object' || answer === null) return;
  const intent = answer as Partial<IntentAnswer>;
  checkIntent(intent, asked);
  if (intent.status === 'succeeded' || intent.status === 'processing') throw unlike('status', intent.status, 'refused');
  if ((intent.amount_received ?? 0) !== 0) throw unlike('amount received', intent.amount_received, 0);
}

/** Checks that so much is refunded as was asked for. `pending` counts: the provider has accepted the refund. @throws UnexpectedAnswerError */
export function checkRefunded(answer: Partial<RefundAnswer>, asked: RefundRequest): void {
  if (answer.payment_intent !== asked.providerReference)
    throw unlike('payment', answer.payment_intent, asked.providerReference);
  if (answer.status !== 'succeeded' && answer.status !== 'pending') throw unlike('status', answer.status, 'succeeded');
  if (answer.amount !== asked.amount) throw unlike('amount', answer.amount, asked.amount);
  if (answer.currency !== asked.currency.toLowerCase()) throw unlike('currency', answer.currency, asked.currency);
}

/**
 * Checks how much of a charge is given back.
 * @param asked.amount of the charge, minor units
 * @param asked.refunded all that is given back of it, minor units; undefined: it is not known
 * @throws UnexpectedAnswerError
 */
export function checkRefundedTo(
  answer: Partial<ChargeAnswer>,
  asked: Pick<AskedCharge, 'amount' | 'currency'> & { readonly refunded: number | undefined },
): void {
  const { amount, currency, refunded } = asked;
  if (answer.amount !== amount) throw unlike('amount', answer.amount, amount);
  if (refunded !== undefined && answer.amount_refunded !== refunded)
    throw unlike('amount refunded', answer.amount_refunded, refunded);
  if (answer.currency !== currency.toLowerCase()) throw unlike('currency', answer.currency, currency);
}

function unlike(what: string, told: unknown, asked: string | number): UnexpectedAnswerError {
  const shown =
    typeof told === 'string' ? textFrom(told, SHOWN_MAX_CHARACTERS) : typeof told === 'number' ? told : typeof told;
  return new UnexpectedAnswerError(`the provider's answer has ${what} ${shown}, not ${asked}`);
}
