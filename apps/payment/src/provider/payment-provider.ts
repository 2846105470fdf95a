import type { ProviderOutcome } from '../payment-intent/payment-intent.rules.js';

export interface ChargeRequest {
  readonly paymentIntentId: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

export interface RefundRequest {
  readonly paymentIntentId: string;
  readonly providerReference: string;
  /** What was captured, all of which goes back. */
  readonly amount: number;
  readonly currency: string;
}

/**
 * Where the money is. Both requests can be repeated: with the same arguments they are the same request, and happen once.
 */
export interface PaymentProvider {
  /** @throws OutcomeUnknownError */
  charge(request: ChargeRequest): Promise<Extract<ProviderOutcome, { kind: 'captured' | 'refused' }>>;
  /** @throws OutcomeUnknownError */
  refund(request: RefundRequest): Promise<Extract<ProviderOutcome, { kind: 'refunded' }>>;
}

/** Whether the money moved is not known. It is not assumed either: the same request is made again until it is known. */
export class OutcomeUnknownError extends Error {
  override readonly name: string = 'OutcomeUnknownError';
  readonly retryable = true;
}

/** The provider answered, and not what it was asked: a person must look. It is asked again all the same. */
export class UnexpectedAnswerError extends OutcomeUnknownError {
  override readonly name = 'UnexpectedAnswerError';
}
