import type { ProviderOutcome } from '../payment-intent/payment-intent.rules.js';

export interface ChargeRequest {
  readonly paymentIntentId: string;
  /** undefined: an intent of no order. */
  readonly orderId: string | undefined;
  /** A charge of the payment beyond the first; undefined: the first. */
  readonly chargeId: string | undefined;
  /** The idempotency key. */
  readonly key: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

export interface RefundRequest {
  /** The idempotency key. */
  readonly key: string;
  readonly providerReference: string;
  readonly amount: number;
  readonly currency: string;
  /** The whole charge is asked for, without an amount. */
  readonly isWhole: boolean;
  /** Nothing of the charge is left afterwards. */
  readonly takesRest: boolean;
}

/**
 * The payment provider. Both requests can be repeated: with the same arguments they are the same request, and are carried out once.
 */
export interface PaymentProvider {
  /** @throws OutcomeUnknownError */
  charge(request: ChargeRequest): Promise<Extract<ProviderOutcome, { kind: 'captured' | 'refused' }>>;
  /** @throws OutcomeUnknownError */
  refund(request: RefundRequest): Promise<Extract<ProviderOutcome, { kind: 'refunded' }>>;
}

/** It is unknown whether money has moved, and nothing is assumed: the same request is repeated until the outcome is known. */
export class OutcomeUnknownError extends Error {
  override readonly name: string = 'OutcomeUnknownError';
  readonly retryable = true;
}

/** The provider's answer does not fit the request: a person must look. The request is repeated all the same. */
export class UnexpectedAnswerError extends OutcomeUnknownError {
  override readonly name = 'UnexpectedAnswerError';
}
