import { comeAgain, ProblemError, PROBLEMS } from './problems.js';
import { staleBasisProblem } from './stale-basis.js';
import { isContended, isUnavailable } from './unavailable.js';

/**
 * The problem that an error means to a client, wherever it was thrown: an error of the kit, or of a database or service that is away.
 * @returns undefined for an error that is a bug
 */
export function problemOf(thrown: unknown): ProblemError | undefined {
  if (thrown instanceof ProblemError) return thrown;
  // The request would make a message larger than Kafka takes. Nothing was stored.
  if (isOversize(thrown)) return new ProblemError(PROBLEMS.payloadTooLarge, { detail: thrown.message, cause: thrown });
  if (isOverloaded(thrown)) return comeAgain(PROBLEMS.overloaded, { cause: thrown });
  const stale = staleBasisProblem(thrown);
  if (stale) return stale;
  if (isLocked(thrown)) return comeAgain(PROBLEMS.locked, { cause: thrown });
  if (isContended(thrown)) return comeAgain(PROBLEMS.contended, { cause: thrown });
  return isUnavailable(thrown) ? comeAgain(PROBLEMS.unavailable, { cause: thrown }) : undefined;
}

// Errors of other packages are known by name, because this package does not import them.

const isOversize = (thrown: unknown): thrown is Error =>
  thrown instanceof Error &&
  thrown.name === 'InvalidMessageError' &&
  'reason' in thrown &&
  thrown.reason === 'oversize';

/** Of the unit of work. Nothing was done, and a later attempt may succeed. */
const isOverloaded = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === 'OverloadedError';

/** Of the unit of work. Somebody else has a row that is not waited for. */
const isLocked = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === 'LockedError';
