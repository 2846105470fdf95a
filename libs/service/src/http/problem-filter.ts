import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { InvalidMessageError } from '@backstep/messages';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.js';
import { comeAgain, ProblemError, PROBLEMS, type ProblemType } from '@backstep/problems';
import { loggable } from './request-context.js';
import type { RouteTable } from './routes.js';
import { FASTIFY_PROBLEMS, pathOf, sendProblem } from './send-problem.js';
import { isUnavailable } from './unavailable.js';

const STATUS_PROBLEMS: Readonly<Record<number, ProblemType>> = {
  400: PROBLEMS.malformedRequest,
  401: PROBLEMS.unauthorized,
  403: PROBLEMS.forbidden,
  404: PROBLEMS.notFound,
  405: PROBLEMS.methodNotAllowed,
  408: PROBLEMS.requestTimeout,
  409: PROBLEMS.conflict,
  413: PROBLEMS.payloadTooLarge,
  414: PROBLEMS.uriTooLong,
  415: PROBLEMS.unsupportedMediaType,
  429: PROBLEMS.tooManyRequests,
  503: PROBLEMS.unavailable,
};

/** Turns any thrown value into an RFC 9457 answer. An unknown error becomes a 500 without details, and a log line with all of them. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly routes: RouteTable,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = this.asProblem(thrown, request);
    this.log(problem, thrown, request);
    if (reply.raw.headersSent) {
      // A part of the answer was sent already. Only a closed connection can still tell the client of the failure.
      reply.raw.destroy();
      return;
    }
    sendProblem(problem, request, reply);
  }

  private asProblem(thrown: unknown, request: FastifyRequest): ProblemError {
    const problem = problemOf(thrown);
    if (problem) return problem;
    const fastifyProblem = FASTIFY_PROBLEMS[fastifyCode(thrown)];
    if (fastifyProblem) return new ProblemError(fastifyProblem, { cause: thrown });
    if (thrown instanceof HttpException) return this.fromHttpException(thrown, request);
    return new ProblemError(PROBLEMS.internal, { cause: thrown });
  }

  private fromHttpException(exception: HttpException, request: FastifyRequest): ProblemError {
    if (request.is404) return this.noSuchRoute(request);
    const problem = STATUS_PROBLEMS[exception.getStatus()];
    if (!problem) return new ProblemError(PROBLEMS.internal, { cause: exception });
    return new ProblemError(problem, { detail: exception.message, cause: exception });
  }

  private noSuchRoute(request: FastifyRequest): ProblemError {
    const allowed = this.routes.methodsOf(pathOf(request));
    if (allowed.length === 0) return new ProblemError(PROBLEMS.notFound);
    return new ProblemError(PROBLEMS.methodNotAllowed, { headers: { allow: allowed.join(', ') } });
  }

  private log(problem: ProblemError, thrown: unknown, request: FastifyRequest): void {
    const fields = {
      ...loggable(request.requestContext),
      method: request.method,
      path: pathOf(request),
      status: problem.status,
      problem: problem.problem.type,
    };
    if (problem.problem === PROBLEMS.internal) this.logger.error('a request failed', { ...fields, error: thrown });
    else if (problem.status >= 500 && problem.problem !== PROBLEMS.overloaded)
      this.logger.warn('a request was not answered', { ...fields, cause: causeOf(thrown) });
    else this.logger.debug('a request was refused', { ...fields, detail: problem.message });
  }
}

/** The problem that an error means to a client, wherever it was thrown; undefined for an error that is a bug. */
export function problemOf(thrown: unknown): ProblemError | undefined {
  if (thrown instanceof ProblemError) return thrown;
  // The request would make a message larger than Kafka takes. Nothing was stored.
  if (thrown instanceof InvalidMessageError && thrown.reason === 'oversize')
    return new ProblemError(PROBLEMS.payloadTooLarge, { detail: thrown.message, cause: thrown });
  if (isOverloaded(thrown)) return comeAgain(PROBLEMS.overloaded, { cause: thrown });
  return isUnavailable(thrown) ? comeAgain(PROBLEMS.unavailable, { cause: thrown }) : undefined;
}

/** Errors of the unit of work, known by name because this package does not import it. Nothing was done, and a later attempt may succeed. */
const OVERLOADED = new Set(['OverloadedError', 'ContendedError']);
const isOverloaded = (thrown: unknown): boolean => thrown instanceof Error && OVERLOADED.has(thrown.name);

/** Nest wraps Fastify's errors in its own exceptions and keeps them as the cause. */
function fastifyCode(thrown: unknown): string {
  const { code, cause } = (thrown ?? {}) as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
  if (typeof code === 'string') return code;
  return typeof cause?.code === 'string' ? cause.code : '';
}

const causeOf = (thrown: unknown): string =>
  thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
