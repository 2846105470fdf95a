import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { continueTrace, formatTraceparent } from '../tracing/traceparent.js';

/**
 * Identifies the request that work is done for. It is passed on by hand to every call and log line on its behalf: an `AsyncLocalStorage` makes
 * every promise of the process several times as expensive, and in a batch of many requests it would name only one (decision 0012).
 */
export interface RequestContext {
  readonly requestId: string;
  readonly traceId: string;
  /** The W3C header of this hop. Outgoing messages and requests are its children. */
  readonly traceparent: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    requestContext: RequestContext;
  }
}

/** Injects the context of the request into a controller's method. */
export const Context = createParamDecorator(
  (_: unknown, host: ExecutionContext) => host.switchToHttp().getRequest<FastifyRequest>().requestContext,
);

/** The fields of log lines about this request: `logger.info('…', { ...loggable(context), cakeId })`. */
export const loggable = ({ requestId, traceId }: RequestContext): Pick<RequestContext, 'requestId' | 'traceId'> => ({
  requestId,
  traceId,
});

/** The context of a request as it arrives. */
export function newContext(requestId: string, givenTraceparent: string | undefined): RequestContext {
  const trace = continueTrace(givenTraceparent);
  return { requestId, traceId: trace.traceId, traceparent: formatTraceparent(trace) };
}
