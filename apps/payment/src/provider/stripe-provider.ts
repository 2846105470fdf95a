import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import Stripe from 'stripe';
import type { Failure } from '../payment-intent/payment-intent.rules.js';
import { oneRequest } from './one-request.js';
import {
  OutcomeUnknownError,
  type ChargeRequest,
  type PaymentProvider,
  type RefundRequest,
} from './payment-provider.js';

/** How long the provider may be silent before its answer counts as unknown, milliseconds. Shorter than a lease. */
export const PROVIDER_TIMEOUT_MS = 4_000;
/** Of the contract's fields. */
const REASON_MAX_CHARACTERS = 100;
const MESSAGE_MAX_CHARACTERS = 500;

export interface StripeOptions {
  readonly apiBase: string;
  readonly secretKey: string;
  readonly connectionsMax: number;
  readonly timeoutMs?: number;
}

/** Stripe, or what speaks like it, through Stripe's own package. */
export class StripeProvider implements PaymentProvider {
  private readonly stripe: Stripe;
  private readonly agent: HttpAgent;

  constructor({ apiBase, secretKey, connectionsMax, timeoutMs = PROVIDER_TIMEOUT_MS }: StripeOptions) {
    const { hostname, port, protocol } = new URL(apiBase);
    const secure = protocol === 'https:';
    // The package's own timeout begins when there is a connection. The agent's holds also while there is none yet.
    const connections = { keepAlive: true, maxSockets: connectionsMax, timeout: timeoutMs };
    this.agent = new (secure ? HttpsAgent : HttpAgent)(connections);
    this.stripe = new Stripe(secretKey, {
      host: hostname,
      port: port || (secure ? 443 : 80),
      protocol: secure ? 'https' : 'http',
      httpClient: oneRequest(Stripe.createNodeHttpClient(this.agent)),
      timeout: timeoutMs,
      // Repeating is our decision: it is counted, spread out, and survives a restart.
      maxNetworkRetries: 0,
      telemetry: false,
    });
  }

  /** 402 is the issuer's no, other 4xx the provider's: see {@link refusalIn}. @throws OutcomeUnknownError */
  async charge({ paymentIntentId, amount, currency, paymentMethod }: ChargeRequest) {
    try {
      const {
        id,
        status,
        amount_received: received,
      } = await this.stripe.paymentIntents.create(
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
      if (status !== 'succeeded' || received !== amount) {
        throw new OutcomeUnknownError(`${id} is ${status}, ${received} of ${amount} received`);
      }
      return { kind: 'captured' as const, providerReference: id };
    } catch (error) {
      const failure = refusalIn(error);
      if (failure) return { kind: 'refused' as const, failure };
      throw unknown(error);
    }
  }

  /** A refund has no definite refusal: what the provider does not do now is asked for again. @throws OutcomeUnknownError */
  async refund({ paymentIntentId, providerReference }: RefundRequest) {
    try {
      const { id, status } = await this.stripe.refunds.create(
        { payment_intent: providerReference },
        { idempotencyKey: `refund:${paymentIntentId}` },
      );
      // Pending is given back for us: the provider has taken it on.
      if (status !== 'succeeded' && status !== 'pending') throw new OutcomeUnknownError(`${id} is ${status}`);
    } catch (error) {
      // Its idempotency key was forgotten, or a person was faster: the money is back, which is all that was asked.
      const alreadyDone = error instanceof Stripe.errors.StripeError && error.code === 'charge_already_refunded';
      if (!alreadyDone) throw unknown(error);
    }
    return { kind: 'refunded' as const, providerReference };
  }

  /** Closes idle connections. */
  close(): void {
    this.agent.destroy();
  }
}

/**
 * Whether nothing was charged, for certain.
 * - 402: the issuer refused, and the provider remembers that under the key.
 * - 400, and whatever names a missing resource: the provider could not even begin (an unknown payment method, an amount it does not
 *   take). It would say the same again, and had the charge been made before, it would have answered with that.
 * - 401, 403, 404: our key or our address is wrong. That is not the customer's fault: it is asked again until it is mended.
 * - 409, 429, 5xx, and a key used with other parameters (a bug): what an earlier request with this key did is not known.
 */
function refusalIn(error: unknown): Failure | undefined {
  if (error instanceof Stripe.errors.StripeCardError) {
    const reason = error.decline_code ?? error.code ?? 'card_declined';
    return { reason: reason.slice(0, REASON_MAX_CHARACTERS), message: error.message.slice(0, MESSAGE_MAX_CHARACTERS) };
  }
  if (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    (error.statusCode === 400 || error.code === 'resource_missing')
  ) {
    // Not the provider's own message, which quotes the payment method.
    const what = [error.param, error.code].filter((part) => part !== undefined).join(': ');
    return {
      reason: 'provider_rejected',
      message: `The provider rejected the request (${what.slice(0, REASON_MAX_CHARACTERS)}).`,
    };
  }
  return undefined;
}

function unknown(error: unknown): OutcomeUnknownError {
  if (error instanceof OutcomeUnknownError) return error;
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  return new OutcomeUnknownError(`${statusCode ?? 'no answer'}: ${message ?? String(error)}`, { cause: error });
}
