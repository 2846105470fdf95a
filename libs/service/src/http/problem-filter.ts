import { HttpException } from '@nestjs/common';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { pathOf, ProblemFilter } from '@backstep/problems/nest';
import type { FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.js';
import { loggable } from './request-context.js';
import { methodNotAllowed, type RouteTable } from './routes.js';
import { FASTIFY_PROBLEMS } from './send-problem.js';

/** The filter of any application, told what Fastify refuses, which methods a path has, and how a request is logged. */
export const problemFilter = (logger: Logger, routes: RouteTable): ProblemFilter<FastifyRequest> =>
  new ProblemFilter<FastifyRequest>({
    problemOf: (thrown, request) => fastifyProblem(thrown) ?? exceptionProblem(thrown, request, routes),
    requestId: ({ id }) => id,
    log: (problem, thrown, request) => log(logger, problem, thrown, request),
  });

function fastifyProblem(thrown: unknown): ProblemError | undefined {
  const problem = FASTIFY_PROBLEMS[fastifyCode(thrown)];
  return problem && new ProblemError(problem, { cause: thrown });
}

/** Nest wraps Fastify's errors in its own exceptions and keeps them as the cause. */
function fastifyCode(thrown: unknown): string {
  const { code, cause } = (thrown ?? {}) as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
  if (typeof code === 'string') return code;
  return typeof cause?.code === 'string' ? cause.code : '';
}

function exceptionProblem(thrown: unknown, request: FastifyRequest, routes: RouteTable): ProblemError | undefined {
  if (!(thrown instanceof HttpException)) return undefined;
  if (request.is404) return noSuchRoute(request, routes);
  if (thrown.getStatus() !== 400) return undefined;
  return new ProblemError(PROBLEMS.malformedRequest, { detail: thrown.message, cause: thrown });
}

function noSuchRoute(request: FastifyRequest, routes: RouteTable): ProblemError {
  const allowed = routes.methodsOf(pathOf(request));
  if (allowed.length === 0) return new ProblemError(PROBLEMS.notFound);
  return methodNotAllowed(allowed);
}

function log(logger: Logger, problem: ProblemError, thrown: unknown, request: FastifyRequest): void {
  const fields = {
    ...loggable(request.requestContext),
    method: request.method,
    path: pathOf(request),
    status: problem.status,
    problem: problem.problem.type,
  };
  if (problem.problem === PROBLEMS.internal) logger.error('a request failed', { ...fields, error: thrown });
  else if (problem.status >= 500 && problem.problem !== PROBLEMS.overloaded)
    logger.warn('a request was not answered', { ...fields, cause: causeOf(thrown) });
  else logger.debug('a request was refused', { ...fields, detail: problem.message });
}

const causeOf = (thrown: unknown): string =>
  thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
