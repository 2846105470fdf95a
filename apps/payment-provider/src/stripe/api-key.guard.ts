import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StripeError } from './stripe-error.js';

const TEST_KEY = /^[sr]k_test_\w+$/;

/** Requires a secret key like Stripe, as a bearer token or as the user of basic authentication. Any test key is accepted, a live one never. */
export class ApiKeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    void reply.header('request-id', `req_${request.id}`);
    const key = keyOf(request.headers.authorization);
    if (key === undefined) throw unauthorized('You did not provide an API key.');
    if (!TEST_KEY.test(key))
      throw unauthorized('Invalid API Key provided: only test keys (sk_test_…) are accepted here.');
    return true;
  }
}

function keyOf(authorization: string | undefined): string | undefined {
  const [scheme, credentials] = authorization?.split(' ', 2) ?? [];
  if (!credentials) return undefined;
  if (scheme?.toLowerCase() === 'bearer') return credentials;
  return Buffer.from(credentials, 'base64').toString('utf8').split(':', 1)[0];
}

const unauthorized = (message: string): StripeError => new StripeError(401, { type: 'invalid_request_error', message });
