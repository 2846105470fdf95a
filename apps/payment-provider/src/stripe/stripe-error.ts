import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

export interface StripeErrorBody {
  readonly type: 'card_error' | 'invalid_request_error' | 'idempotency_error' | 'api_error';
  readonly message: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly charge?: string;
  readonly payment_intent?: unknown;
}

/** An answer in Stripe's error format: https://docs.stripe.com/api/errors */
export class StripeError extends Error {
  override readonly name = 'StripeError';
  constructor(
    readonly status: number,
    readonly body: StripeErrorBody,
  ) {
    super(body.message);
  }
}

export const missing = (param: string): StripeError =>
  new StripeError(400, {
    type: 'invalid_request_error',
    code: 'parameter_missing',
    message: `Missing required param: ${param}.`,
    param,
  });

export const invalid = (param: string, message: string, code?: string): StripeError =>
  new StripeError(400, { type: 'invalid_request_error', message, param, ...(code && { code }) });

export const noSuch = (what: string, id: string, param: string, status: 400 | 404): StripeError =>
  new StripeError(status, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${what}: '${id}'`,
    param,
  });

/** The account cannot pay it back: a refund is refused until there is money on it (https://docs.stripe.com/error-codes). */
export const balanceInsufficient = (): StripeError =>
  new StripeError(400, {
    type: 'invalid_request_error',
    code: 'balance_insufficient',
    message: 'You have insufficient funds in your account to refund this charge.',
  });

export const unavailable = (): StripeError =>
  new StripeError(503, { type: 'api_error', message: 'The service is temporarily unavailable. Please try again.' });

export const failing = (): StripeError =>
  new StripeError(500, { type: 'api_error', message: 'An error occurred while processing your request.' });

/** Answers Stripe's errors in Stripe's format; other errors are left to the platform. */
@Catch(StripeError)
export class StripeErrorFilter implements ExceptionFilter<StripeError> {
  catch(error: StripeError, host: ArgumentsHost): void {
    void host.switchToHttp().getResponse<FastifyReply>().status(error.status).send({ error: error.body });
  }
}
