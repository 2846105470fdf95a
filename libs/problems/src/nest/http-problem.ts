import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { ProblemError, PROBLEMS, type ProblemType } from '../problems.js';

const STATUS_PROBLEMS: Readonly<Record<number, ProblemType>> = {
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
  500: PROBLEMS.internal,
  503: PROBLEMS.unavailable,
};

/** What an exception of Nest, or of the `http-errors` that Express throws, says to a client. @returns undefined for any other error */
export function httpProblem(thrown: unknown): ProblemError | undefined {
  if (thrown instanceof HttpException) return problemOfException(thrown);
  if (!isHttpError(thrown)) return undefined;
  return new ProblemError(problemOfStatus(thrown.statusCode), { detail: thrown.message, cause: thrown });
}

/** Members by which Nest says what `status` and `title` say. Further ones are what the application wants the client to know. */
const TOLD_ALREADY = new Set(['statusCode', 'error']);

function problemOfException(exception: HttpException): ProblemError {
  const problem = problemOfStatus(exception.getStatus());
  if (problem === PROBLEMS.internal) return new ProblemError(problem, { cause: exception });
  const response = exception.getResponse();
  if (typeof response === 'string') return new ProblemError(problem, { detail: response, cause: exception });
  const { message = exception.message, ...members } = response as Record<string, unknown>;
  const extensions = Object.fromEntries(Object.entries(members).filter(([name]) => !TOLD_ALREADY.has(name)));
  const sentences = Array.isArray(message) ? message : [message];
  return new ProblemError(problem, { detail: sentences.map(String).join('; '), extensions, cause: exception });
}

/** A status that has no problem of its own means no more than HTTP says of it: `about:blank` (RFC 9457, 4.2.1). */
const problemOfStatus = (status: number): ProblemType => {
  const title = STATUS_CODES[status] ?? 'Unknown status';
  return STATUS_PROBLEMS[status] ?? { type: 'about:blank', status, title, when: title };
};

/** `expose` is their word for a message that may reach a client. */
const isHttpError = (thrown: unknown): thrown is Error & { readonly statusCode: number } =>
  thrown instanceof Error &&
  'expose' in thrown &&
  thrown.expose === true &&
  'statusCode' in thrown &&
  Number.isInteger(thrown.statusCode);
