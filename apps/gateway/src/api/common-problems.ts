import { PROBLEMS, type ProblemType } from '@backstep/problems';
import type { Operation } from './operation.js';

/** The problems that any request may get. */
const ALWAYS = [PROBLEMS.malformedRequest, PROBLEMS.requestTimeout, PROBLEMS.misdirected, PROBLEMS.headersTooLarge];

/** The problems of operations with input: the input may be invalid, and the service behind may have a bug. */
const WITH_INPUT = [PROBLEMS.validation, PROBLEMS.internal];

/** Paths that exist in no operation, and methods that a path does not have. */
export const UNROUTED: readonly ProblemType[] = [PROBLEMS.notFound, PROBLEMS.methodNotAllowed];

/** Problems of the body, which is read before the operation, also by operations that take none. */
const WITH_BODY = [PROBLEMS.malformedJson, PROBLEMS.payloadTooLarge, PROBLEMS.unsupportedMediaType];

/** The same where the body is passed on unread. */
const UNREAD_BODY = WITH_BODY.filter((problem) => problem !== PROBLEMS.malformedJson);

/** Every problem that an operation may answer, each once. */
export function problemsOf(operation: Operation): readonly ProblemType[] {
  const { method, operator, local, params, problems, rawBody } = operation;
  return [
    ...new Set([
      ...problems,
      ...ALWAYS,
      ...(takesAnything(operation) ? (local ? [PROBLEMS.validation] : WITH_INPUT) : []),
      ...(Object.keys(params).length > 0 ? [PROBLEMS.uriTooLong] : []),
      ...(operator ? [PROBLEMS.unauthorized] : []),
      ...(method === 'GET' ? [] : [PROBLEMS.forbidden, ...(rawBody ? UNREAD_BODY : WITH_BODY)]),
    ]),
  ].sort((a, b) => a.status - b.status);
}

/** Headers alone do not count as input: operations that serve what this process has (documents, health) accept any. */
const takesAnything = ({ fromMemory, params, query, body }: Operation): boolean =>
  !fromMemory && (body !== undefined || [params, query].some((shape) => Object.keys(shape).length > 0));
