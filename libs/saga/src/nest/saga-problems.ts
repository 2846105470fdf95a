import { OptimisticLockError } from '@backstep/concurrency';
import { entityTag, ProblemError, PROBLEMS } from '@backstep/problems';
import { IllegalOperatorActionError } from '../decide/operate.js';
import { OperationKeyReusedError, SagaNotFoundError } from '../runtime/saga-operator.js';
import { InvalidCursorError } from '../store/page-cursor.js';

const CURSOR = 'must be the nextCursor of a page of this list';

/** The problem that a client gets when a page could not be read. */
export function pageProblem(error: unknown): unknown {
  if (!(error instanceof InvalidCursorError)) return error;
  const errors = [{ in: 'query' as const, field: 'cursor', message: CURSOR }];
  return new ProblemError(PROBLEMS.validation, { detail: `cursor: ${CURSOR}`, errors, cause: error });
}

/**
 * The problem that an operator gets when an action was refused.
 * @param current the saga as it is now, after another change was faster
 */
export function asProblem(error: unknown, sagaId: string, current: { readonly version: number } | undefined): unknown {
  if (error instanceof SagaNotFoundError) return noSaga(sagaId);
  if (error instanceof OperationKeyReusedError)
    return new ProblemError(PROBLEMS.idempotencyKeyReused, { detail: error.message });
  if (error instanceof IllegalOperatorActionError) {
    const { action, status: state, legal } = error;
    return new ProblemError(PROBLEMS.conflict, {
      detail: `${error.message}. ${legal.length > 0 ? `Legal now: ${legal.join(', ')}.` : 'Nothing can be done to it any more.'}`,
      extensions: { action, state, legalActions: legal },
      cause: error,
    });
  }
  if (!(error instanceof OptimisticLockError)) return error;
  if (!current) return noSaga(sagaId);
  return new ProblemError(PROBLEMS.preconditionFailed, {
    detail: `You have seen version ${error.expectedVersion}; it is at version ${current.version}.`,
    extensions: { current },
    headers: { etag: entityTag(current.version) },
    cause: error,
  });
}

const noSaga = (id: string): ProblemError => new ProblemError(PROBLEMS.notFound, { detail: `There is no saga ${id}.` });
