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

/** How long a call may take, from its connection to the last byte of its answer, milliseconds. Shorter than a lease. */
export const PROVIDER_DEADLINE_MS = 4_000;
/** Of the contract's field. */
const MESSAGE_MAX_CHARACTERS = 500;
const UNKNOWN_MAX_CHARACTERS = 300;

export interface StripeOptions {
  readonly apiBase: string;
  readonly secretKey: string;
  readonly connectionsMax: number;
  readonly deadlineMs?: number;
}

/** Stripe, or what speaks like it, through Stripe's own package. */
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
      // Repeating is our decision: it is counted, spread out, and survives a restart.
      maxNetworkRetries: 0,
      telemetry: false,
    });
  }

  /** 402 is the issuer's no, 400 the provider's: see {@link refusalIn}. @throws OutcomeUnknownError */
  async charge(asked: ChargeRequest) {
    const { paymentIntentId, amount, currency, paymentMethod } = asked;
    const began = performance.now();
    try {
      const made = await this.stripe.paymentIntents.create(
        {
          amount,
          currency: currency.toLowerCase(),
          payment_method: paymentMethod,
          automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
          confirm: true,
          // Nobody is there to answer the issuer's questions: a charge that has some is refused (402), not left open.
          error_on_requires_action: true,
          metadata: { orderId: paymentIntentId, paymentIntentId },
        },
        { idempotencyKey: `charge:${paymentIntentId}` },
      );
      checkCaptured(made.status === 'processing' ? await this.lookAgain(made, asked, began) : made, asked);
      return { kind: 'captured' as const, providerReference: made.id };
    } catch (error) {
      const failure = refusalIn(error, asked, this.secrets(paymentMethod));
      if (failure) return { kind: 'refused' as const, failure };
      throw unknown(error, this.secrets(paymentMethod));
    }
  }

  /** A refund has no definite refusal: what the provider does not do now is asked for again. @throws OutcomeUnknownError */
  async refund(asked: RefundRequest) {
    const { paymentIntentId, providerReference } = asked;
    try {
      const made = await this.stripe.refunds.create(
        { payment_intent: providerReference },
        { idempotencyKey: `refund:${paymentIntentId}` },
      );
      checkRefunded(made, asked);
    } catch (error) {
      // Its idempotency key was forgotten, or a person was faster: the money is back, which is all that was asked.
      const alreadyDone =
        error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'charge_already_refunded';
      if (!alreadyDone) throw unknown(error, this.secrets());
    }
    return { kind: 'refunded' as const, providerReference };
  }

  /** Closes the connections. */
  close(): void {
    this.http.close();
  }

  /** A repeated request is answered with what was so the first time; whether the charge has ended since, the payment itself tells. */
  private lookAgain(made: Stripe.PaymentIntent, asked: ChargeRequest, began: number): Promise<Stripe.PaymentIntent> {
    checkIntent(made, asked);
    const leftMs = Math.floor(this.deadlineMs - (performance.now() - began));
    return this.stripe.paymentIntents.retrieve(made.id, {}, { timeout: Math.max(1, leftMs) });
  }

  /** What a server may quote in its message, and nobody is to read. */
  private secrets(paymentMethod = ''): string[] {
    return [this.secretKey, paymentMethod];
  }
}

/**
 * Whether nothing was charged, for certain.
 * - 402: the issuer refused, and the provider remembers that under the key.
 * - 400, and whatever names a missing resource: the provider could not even begin (an unknown payment method, an amount it does not
 *   take). It would say the same again, and had the charge been made before, it would have answered with that.
 * - 401, 403, 404: our key or our address is wrong. That is not the customer's fault: it is asked again until it is mended.
 * - 409, 429, 5xx, and a key used with other parameters (a bug): what an earlier request with this key did is not known.
 * - A refusal without the type that Stripe gives it is somebody else's (a proxy's), and one that shows money taken is none.
 */
function refusalIn(error: unknown, asked: ChargeRequest, secrets: readonly string[]): Failure | undefined {
  if (error instanceof Stripe.errors.StripeCardError && (error.rawType as string) === 'card_error') {
    checkRefused(error.payment_intent, asked);
    return {
      reason: codeFrom(error.decline_code) ?? codeFrom(error.code) ?? 'card_declined',
      message: textFrom(error.message, MESSAGE_MAX_CHARACTERS, secrets) || 'The card was declined.',
    };
  }
  if (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    (error.rawType as string) === 'invalid_request_error' &&
    (error.statusCode === 400 || error.code === 'resource_missing')
  ) {
    // Not the provider's own message, which quotes the payment method.
    const what = [codeFrom(error.param), codeFrom(error.code)].filter((part) => part !== undefined).join(': ');
    return {
      reason: 'provider_rejected',
      message: `The provider rejected the request (${what || 'it does not say why'}).`,
    };
  }
  return undefined;
}

function unknown(error: unknown, secrets: readonly string[]): OutcomeUnknownError {
  if (error instanceof OutcomeUnknownError) return error;
  const { statusCode, message, detail } = error as { statusCode?: number; message?: unknown; detail?: unknown };
  const because = detail instanceof Error && !(error as Error).message.includes('timeout') ? detail.message : message;
  const text = textFrom(because, UNKNOWN_MAX_CHARACTERS, secrets);
  return new OutcomeUnknownError(`${statusCode ?? 'no answer'}: ${text}`, { cause: error });
}
