import Stripe from 'stripe';
import type { Failure } from '../payment-intent/payment-intent.rules.js';
import { checkCaptured, checkIntent, checkRefunded, checkRefused } from './checked-answers.js';
import { OneCall } from './one-call.js';
import {
  OutcomeUnknownError,
  type ChargeRequest,
  type PaymentProvider,
  type RefundRequest,
} from './payment-provider.js';
import { codeFrom, textFrom } from './told-by-provider.js';

/** How long a call may take, from connecting to the last byte of the answer, milliseconds. Shorter than a lease. */
export const PROVIDER_DEADLINE_MS = 4_000;
/** The length limit of the contract's field. */
const MESSAGE_MAX_CHARACTERS = 500;
const UNKNOWN_MAX_CHARACTERS = 300;

export interface StripeOptions {
  readonly apiBase: string;
  readonly secretKey: string;
  readonly connectionsMax: number;
  readonly deadlineMs?: number;
}

/** Stripe, or a server with its API, through Stripe's own package. */
export class StripeProvider implements PaymentProvider {
  private readonly stripe: Stripe;
  private readonly http: OneCall;
  private readonly secretKey: string;
  private readonly deadlineMs: number;

  constructor({ apiBase, secretKey, connectionsMax, deadlineMs = PROVIDER_DEADLINE_MS }: StripeOptions) {
    const { hostname, origin, port, protocol } = new URL(apiBase);
    const secure = protocol === 'https:';
    this.secretKey = secretKey;
    this.deadlineMs = deadlineMs;
    this.http = new OneCall({ origin, connectionsMax, connectWithinMs: deadlineMs });
    this.stripe = new Stripe(secretKey, {
      host: hostname,
      port: port || (secure ? 443 : 80),
      protocol: secure ? 'https' : 'http',
      httpClient: this.http,
      timeout: deadlineMs,
      // The worker repeats requests: its retries are counted, have pauses, and survive a restart.
      maxNetworkRetries: 0,
      telemetry: false,
    });
  }

  /** 402 is the refusal of the issuer, 400 that of the provider: see {@link refusalIn}. @throws OutcomeUnknownError */
  async charge(asked: ChargeRequest) {
    const { key, amount, currency, paymentMethod } = asked;
    const began = performance.now();
    try {
      const made = await withoutCallSite(() =>
        this.stripe.paymentIntents.create(
          {
            amount,
            currency: currency.toLowerCase(),
            payment_method: paymentMethod,
            automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
            confirm: true,
            // The customer is not present: a charge that needs an action of the customer is refused (402), not left open.
            error_on_requires_action: true,
            metadata: metadataOf(asked),
          },
          { idempotencyKey: key },
        ),
      );
      checkCaptured(made.status === 'processing' ? await this.lookAgain(made, asked, began) : made, asked);
      return { kind: 'captured' as const, providerReference: made.id };
    } catch (error) {
      const failure = refusalIn(error, asked, this.secrets(paymentMethod));
      if (failure) return { kind: 'refused' as const, failure };
      throw unknown(error, this.secrets(paymentMethod));
    }
  }

  /** A refund has no definite refusal: it is repeated until the provider carries it out. @throws OutcomeUnknownError */
  async refund(asked: RefundRequest) {
    const { key, providerReference, amount, isWhole, takesRest } = asked;
    try {
      const made = await withoutCallSite(() =>
        this.stripe.refunds.create(
          isWhole ? { payment_intent: providerReference } : { payment_intent: providerReference, amount },
          { idempotencyKey: key },
        ),
      );
      checkRefunded(made, asked);
    } catch (error) {
      // The idempotency key has expired, or a person was faster: the money is refunded. What was to stay is gone, too, when a part was asked for.
      const alreadyDone =
        takesRest &&
        error instanceof Stripe.errors.StripeInvalidRequestError &&
        error.code === 'charge_already_refunded';
      if (!alreadyDone) throw unknown(error, this.secrets());
    }
    return { kind: 'refunded' as const, providerReference };
  }

  /** Closes the connections. */
  close(): void {
    this.http.close();
  }

  /** A repeated request gets the first answer again, so the payment itself is read to find out whether the charge has ended since. */
  private lookAgain(made: Stripe.PaymentIntent, asked: ChargeRequest, began: number): Promise<Stripe.PaymentIntent> {
    checkIntent(made, asked);
    const leftMs = Math.floor(this.deadlineMs - (performance.now() - began));
    return this.stripe.paymentIntents.retrieve(made.id, {}, { timeout: Math.max(1, leftMs) });
  }

  /** Secrets that a server may quote in its message. */
  private secrets(paymentMethod = ''): string[] {
    return [this.secretKey, paymentMethod];
  }
}

/** How the provider's own lists tell whose charge it is. The same for each request with a key, or Stripe refuses the key. */
function metadataOf({ paymentIntentId, orderId, chargeId }: ChargeRequest) {
  if (orderId === undefined) return { paymentIntentId };
  return chargeId === undefined ? { orderId, paymentIntentId } : { orderId, paymentIntentId, chargeId };
}

/**
 * Begins a call of the package without the stack trace that the package takes of each call, for the case of an error: 12 of a call's 26 µs (Node 20).
 * Nothing is missed: what calls the package is this class.
 */
function withoutCallSite<T>(call: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return call();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/**
 * Whether it is certain that nothing was charged.
 * - 402: the issuer has refused, and the provider stores that under the key.
 * - 400, and an error that names a missing resource: the provider could not begin (an unknown payment method, an amount that it does not
 *   accept). A repeated request would get the same answer; for an earlier charge the answer would have been that charge.
 * - 401, 403, 404: our key or address is wrong. The customer is not at fault: the request is repeated until the configuration is corrected.
 * - 409, 429, 5xx, and a key with other parameters (a bug): the outcome of an earlier request with this key is unknown.
 * - A refusal without Stripe's type comes from something else (a proxy), and a refusal that shows taken money is no refusal.
 */
function refusalIn(error: unknown, asked: ChargeRequest, secrets: readonly string[]): Failure | undefined {
  if (error instanceof Stripe.errors.StripeCardError && (error.rawType as string) === 'card_error') {
    checkRefused(error.payment_intent, asked);
    return failureIn(error, secrets);
  }
  if (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    (error.rawType as string) === 'invalid_request_error' &&
    (error.statusCode === 400 || error.code === 'resource_missing')
  ) {
    // Without the provider's own message, which quotes the payment method.
    const what = [codeFrom(error.param), codeFrom(error.code)].filter((part) => part !== undefined).join(': ');
    return {
      reason: 'provider_rejected',
      message: `The provider rejected the request (${what || 'it does not say why'}).`,
    };
  }
  return undefined;
}

/** Why the issuer has refused, from the members of the provider's error. */
export const failureIn = (
  error: { readonly decline_code?: unknown; readonly code?: unknown; readonly message?: unknown },
  secrets: readonly string[] = [],
): Failure => ({
  reason: codeFrom(error.decline_code) ?? codeFrom(error.code) ?? 'card_declined',
  message: textFrom(error.message, MESSAGE_MAX_CHARACTERS, secrets) || 'The card was declined.',
});

function unknown(error: unknown, secrets: readonly string[]): OutcomeUnknownError {
  if (error instanceof OutcomeUnknownError) return error;
  const { statusCode, message, detail } = error as { statusCode?: number; message?: unknown; detail?: unknown };
  const because = detail instanceof Error && !(error as Error).message.includes('timeout') ? detail.message : message;
  const text = textFrom(because, UNKNOWN_MAX_CHARACTERS, secrets);
  return new OutcomeUnknownError(`${statusCode ?? 'no answer'}: ${text}`, { cause: error });
}
