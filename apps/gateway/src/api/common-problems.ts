import { PROBLEMS, type ProblemType } from '@backstep/platform';
import type { Operation } from './operation.js';

/** What any request may be answered, whatever it asks for. */
const ALWAYS = [
  PROBLEMS.malformedRequest,
  PROBLEMS.requestTimeout,
  PROBLEMS.misdirected,
  PROBLEMS.headersTooLarge,
  PROBLEMS.internal,
  PROBLEMS.handlerTimeout,
];

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
      ...(takesAnything(operation) ? [PROBLEMS.validation] : []),
      ...(Object.keys(params).length > 0 ? [PROBLEMS.uriTooLong] : []),
      ...(operator ? [PROBLEMS.unauthorized] : []),
      ...(method === 'GET' ? [] : [PROBLEMS.forbidden, ...WITH_BODY]),
    ]),
  ].sort((a, b) => a.status - b.status);
}

const takesAnything = ({ params, query, headers, body }: Operation): boolean =>
  body !== undefined || [params, query, headers].some((shape) => Object.keys(shape).length > 0);
