import { chargesOf } from '../payment-intent/charges.rules.js';
import type { Payment, ProviderOutcome } from '../payment-intent/payment-intent.rules.js';
import { callOf, isRefundKey, isRunningCharge, wholeRefundKey } from '../payment-intent/provider-calls.js';
import {
  checkCaptured,
  checkIntent,
  checkRefundedTo,
  checkRefused,
  type ChargeAnswer,
  type IntentAnswer,
} from '../provider/checked-answers.js';
import { failureIn } from '../provider/stripe-provider.js';

/** An event that something may follow from. Who it comes from is certain; whether it fits the payment is checked with the payment's row. */
export interface ProviderEvent {
  /** Stripe's `evt_…`: the same for each delivery. */
  readonly id: string;
  readonly paymentIntentId: string;
  readonly outcome: ProviderOutcome;
  /** @throws UnexpectedAnswerError when it contradicts the payment */
  readonly check: (payment: KnownPayment) => void;
}

/** What an event must fit. */
export type KnownPayment = Payment & { readonly currency: string };

const EVENT_ID = /^evt_[A-Za-z0-9_]{1,251}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Told {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly data?: { readonly object?: unknown };
  /** The request of ours that it follows from. */
  readonly request?: { readonly idempotency_key?: string | null } | null;
}

/** What the members of an event say about whose it is. */
interface Whose {
  readonly paymentIntentId: string;
  /** undefined: the first charge. */
  readonly chargeId: string | undefined;
  /** Of the request; undefined: of somebody else, or not told. */
  readonly key: string | undefined;
}

/**
 * @returns `ignored` for other types, and for a part that somebody else has given back; `unknown_payment` when the event names no payment of this
 * service, such as one that another application has made at the same provider.
 */
export function readEvent(told: Told): ProviderEvent | 'ignored' | 'unknown_payment' {
  const { id, type } = told;
  const object = told.data?.object;
  if (typeof id !== 'string' || !EVENT_ID.test(id) || typeof object !== 'object' || object === null) return 'ignored';
  if (typeof type !== 'string' || !Object.hasOwn(READ, type)) return 'ignored';
  const { metadata } = object as { readonly metadata?: { readonly paymentIntentId?: unknown; chargeId?: unknown } };
  const { paymentIntentId, chargeId } = metadata ?? {};
  if (!isId(paymentIntentId) || (chargeId !== undefined && !isId(chargeId))) return 'unknown_payment';
  const key = told.request?.idempotency_key ?? undefined;
  const read = READ[type as keyof typeof READ](object, { paymentIntentId, chargeId, key });
  return read ? { id, paymentIntentId, ...read } : 'ignored';
}

const isId = (told: unknown): told is string => typeof told === 'string' && UUID.test(told);

type Read = Pick<ProviderEvent, 'outcome' | 'check'>;

const READ = {
  'payment_intent.succeeded': (object: Partial<IntentAnswer>, whose: Whose): Read => ({
    outcome: { kind: 'captured', providerReference: String(object.id), chargeId: whose.chargeId },
    check: (payment) => checkCaptured(object, asked(payment, whose, object)),
  }),
  'payment_intent.payment_failed': (
    object: Partial<IntentAnswer> & { readonly last_payment_error?: object | null },
    whose: Whose,
  ): Read => ({
    outcome: { kind: 'refused', failure: failureIn(object.last_payment_error ?? {}), chargeId: whose.chargeId },
    check: (payment) => {
      checkIntent(object, asked(payment, whose, object));
      checkRefused(object, asked(payment, whose, object));
    },
  }),
  'charge.refunded': (object: Partial<ChargeAnswer>, { paymentIntentId, key }: Whose): Read | undefined => {
    if (object.refunded !== true && (key === undefined || !isRefundKey(key))) return undefined;
    const ofPart = key === wholeRefundKey(paymentIntentId) ? undefined : key;
    return {
      outcome: { kind: 'refunded', providerReference: String(object.payment_intent), key: ofPart },
      check: (payment) => checkRefund(payment, object, key),
    };
  },
};

/** The charge as it was asked for. One that is neither running nor made has no amount to contradict: its state does. */
function asked(payment: KnownPayment, { paymentIntentId, chargeId }: Whose, { amount }: Partial<IntentAnswer>) {
  const of = chargeId ?? payment.id;
  const known = isRunningCharge(payment, of)
    ? callOf(payment).amount
    : chargesOf(payment).find((charge) => charge.chargeId === of)?.amount;
  return { paymentIntentId, chargeId, amount: known ?? Number(amount), currency: payment.currency };
}

/** What the refund that runs must have brought the charge to. Of another it is checked whether the charge is the same. */
function checkRefund(payment: KnownPayment, object: Partial<ChargeAnswer>, key: string | undefined): void {
  const charge = chargesOf(payment).find(({ providerReference }) => providerReference === object.payment_intent);
  const { amount = payment.amount, refunded = 0 } = charge ?? {};
  const call = payment.state.status === 'REFUND_REQUESTED' ? callOf(payment) : undefined;
  const rest = object.refunded === true ? amount : undefined;
  const after = call && call.key === key ? refunded + call.amount : rest;
  checkRefundedTo(object, { amount, currency: payment.currency, refunded: after });
}
