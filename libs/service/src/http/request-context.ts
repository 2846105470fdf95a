import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { continueTrace, formatTraceparent } from '../tracing/traceparent.js';

/**
 * The request that something is done for. It is handed on by hand to whatever is asked or logged on its behalf: an `AsyncLocalStorage` makes
 * every promise of the process several times as dear, and in a batch of many requests it would name one of them (decision 0012).
 */
export interface RequestContext {
  readonly requestId: string;
  readonly traceId: string;
  /** The W3C header of this hop: what an outgoing message or request is the child of. */
  readonly traceparent: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    requestContext: RequestContext;
  }
}

/** Hands a controller's method the context of its request. */
export const Context = createParamDecorator(
  (_: unknown, host: ExecutionContext) => host.switchToHttp().getRequest<FastifyRequest>().requestContext,
);

/** What lines about this request carry: `logger.info('…', { ...loggable(context), cakeId })`. */
export const loggable = ({ requestId, traceId }: RequestContext): Pick<RequestContext, 'requestId' | 'traceId'> => ({
  requestId,
  traceId,
});

/** The context of a request as it arrives. */
export function newContext(requestId: string, givenTraceparent: string | undefined): RequestContext {
  const trace = continueTrace(givenTraceparent);
  return { requestId, traceId: trace.traceId, traceparent: formatTraceparent(trace) };
}
