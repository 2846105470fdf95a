import { entityTag } from './entity-tag.js';
import { ProblemError, PROBLEMS } from './problems.js';

/** What the unit of work's `StaleBasisError` tells. This package knows it by name. */
interface StaleBasis {
  readonly version?: number;
  readonly current?: unknown;
  readonly yours?: unknown;
  readonly changedSince?: unknown;
  readonly clashing?: unknown;
}

/**
 * The problem for an edit that began from an old version, or did not say from which: 412 with the ETag of the present one, for the next If-Match,
 * and 428. Both errors are thrown by the unit of work, for handlers that declare `onStale`.
 * @returns undefined for another error
 */
export function staleBasisProblem(thrown: unknown): ProblemError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { message: detail, name } = thrown;
  if (name === 'BasisRequiredError') return new ProblemError(PROBLEMS.preconditionRequired, { detail, cause: thrown });
  if (name !== 'StaleBasisError' || !('stale' in thrown)) return undefined;
  const { version, current, changedSince, clashing, yours } = thrown.stale as StaleBasis;
  const told = Object.entries({ current, changedSince, clashing, yours }).filter(([, value]) => value !== undefined);
  return new ProblemError(PROBLEMS.preconditionFailed, {
    detail,
    extensions: Object.fromEntries(told),
    headers: version === undefined ? {} : { etag: entityTag(version) },
    cause: thrown,
  });
}
