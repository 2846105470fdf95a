import { PROBLEMS, type ProblemType } from '@backstep/problems';
import type { Operation } from './operation.js';

/** What any request may be answered, whatever it asks for. */
const ALWAYS = [PROBLEMS.malformedRequest, PROBLEMS.requestTimeout, PROBLEMS.misdirected, PROBLEMS.headersTooLarge];

/** Of operations that take something in: it may be wrong, and the service that it goes on to may have a bug. */
const WITH_INPUT = [PROBLEMS.validation, PROBLEMS.internal];

/** Paths that exist in no operation, and methods that a path does not have. */
export const UNROUTED: readonly ProblemType[] = [PROBLEMS.notFound, PROBLEMS.methodNotAllowed];

/** A body is read before the operation is asked, also by those that take none. */
const WITH_BODY = [PROBLEMS.malformedJson, PROBLEMS.payloadTooLarge, PROBLEMS.unsupportedMediaType];

/** Every problem an operation may answer, each once. */
export function problemsOf(operation: Operation): readonly ProblemType[] {
  const { method, operator, params, problems } = operation;
  return [
    ...new Set([
      ...problems,
      ...ALWAYS,
      ...(takesAnything(operation) ? WITH_INPUT : []),
      ...(Object.keys(params).length > 0 ? [PROBLEMS.uriTooLong] : []),
      ...(operator ? [PROBLEMS.unauthorized] : []),
      ...(method === 'GET' ? [] : [PROBLEMS.forbidden, ...WITH_BODY]),
    ]),
  ].sort((a, b) => a.status - b.status);
}

/** Headers alone do not count: those who serve what this process has (documents, its health) take any. */
const takesAnything = ({ params, query, body }: Operation): boolean =>
  body !== undefined || [params, query].some((shape) => Object.keys(shape).length > 0);
