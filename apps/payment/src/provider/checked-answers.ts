import { UnexpectedAnswerError, type ChargeRequest, type RefundRequest } from './payment-provider.js';
import { textFrom } from './told-by-provider.js';

/** Stripe's ids are at most 255 characters (https://docs.stripe.com/upgrades#what-changes-does-stripe-consider-to-be-backwards-compatible). */
const INTENT_ID = /^pi_[A-Za-z0-9_]{1,252}$/;
const SHOWN_MAX_CHARACTERS = 60;

/** As much of Stripe's objects as is read. What comes from outside may have any type all the same. */
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

/**
 * That the answer is about the charge that was asked for. A proxy that mixes answers up, a key that was used before, a bug: what is
 * recorded would be somebody else's money.
 * @throws UnexpectedAnswerError
 */
export function checkIntent(answer: Partial<IntentAnswer>, asked: ChargeRequest): void {
  if (typeof answer.id !== 'string' || !INTENT_ID.test(answer.id)) throw unlike('id', answer.id, 'pi_…');
  const { paymentIntentId } = answer.metadata ?? {};
  if (paymentIntentId !== asked.paymentIntentId) throw unlike('payment', paymentIntentId, asked.paymentIntentId);
  if (answer.amount !== asked.amount) throw unlike('amount', answer.amount, asked.amount);
  if (answer.currency !== asked.currency.toLowerCase()) throw unlike('currency', answer.currency, asked.currency);
}

/**
 * That it is all captured. Any other status is no outcome: `processing` becomes one, the others nobody expects of a charge that is
 * confirmed and whose questions to the customer count as a refusal.
 * @throws UnexpectedAnswerError
 */
export function checkCaptured(answer: Partial<IntentAnswer>, asked: ChargeRequest): void {
  checkIntent(answer, asked);
  if (answer.status !== 'succeeded') throw unlike('status', answer.status, 'succeeded');
  if (answer.amount_received !== asked.amount) throw unlike('amount received', answer.amount_received, asked.amount);
}

/** That a refusal says nothing was taken, where it shows the payment. @throws UnexpectedAnswerError */
export function checkRefused(answer: unknown, asked: ChargeRequest): void {
  if (typeof answer !== 'object' || answer === null) return;
  const intent = answer as Partial<IntentAnswer>;
  checkIntent(intent, asked);
  if (intent.status === 'succeeded' || intent.status === 'processing') throw unlike('status', intent.status, 'refused');
  if ((intent.amount_received ?? 0) !== 0) throw unlike('amount received', intent.amount_received, 0);
}

/** That all of the payment goes back. `pending` is as good: the provider has taken it on. @throws UnexpectedAnswerError */
export function checkRefunded(answer: Partial<RefundAnswer>, asked: RefundRequest): void {
  if (answer.payment_intent !== asked.providerReference)
    throw unlike('payment', answer.payment_intent, asked.providerReference);
  if (answer.status !== 'succeeded' && answer.status !== 'pending') throw unlike('status', answer.status, 'succeeded');
  if (answer.amount !== asked.amount) throw unlike('amount', answer.amount, asked.amount);
  if (answer.currency !== asked.currency.toLowerCase()) throw unlike('currency', answer.currency, asked.currency);
}

function unlike(what: string, told: unknown, asked: string | number): UnexpectedAnswerError {
  const shown =
    typeof told === 'string' ? textFrom(told, SHOWN_MAX_CHARACTERS) : typeof told === 'number' ? told : typeof told;
  return new UnexpectedAnswerError(`the provider's answer has ${what} ${shown}, not ${asked}`);
}
