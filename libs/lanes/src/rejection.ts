import { problemBody, ProblemError, problemOf, PROBLEMS, type ProblemBody } from '@backstep/problems';
import { parkedAs } from '@backstep/unit-of-work';
import { asStored, isStored } from './storable-json.js';

/** Bytes of a stored problem as JSON. Of a larger one, type and title are stored. */
const PROBLEM_BYTES_MAX = 4_096;

/** Why an entry is rejected. */
export interface Rejection {
  /** As a client may see it: of a fault, only that it is one. */
  readonly problem: ProblemBody;
  /** For operators: the type of the problem that the handler threw, or the error's `parkedAs`. */
  readonly cause: string;
}

/** @param error what a handler threw, or why its decision could not be written */
export function rejectionOf(error: unknown): Rejection {
  const known = problemOf(error) ?? new ProblemError(PROBLEMS.internal);
  const stored = asStored(problemBody(known), PROBLEM_BYTES_MAX);
  const problem = isStored(stored) ? (stored.json as ProblemBody) : problemBody(new ProblemError(known.problem));
  return { problem, cause: error instanceof ProblemError ? error.problem.type : parkedAs(error) };
}

/** Whether the handler refused the entry, as opposed to a fault of the handler. */
export const isRefusal = (error: unknown): boolean => problemOf(error) !== undefined;
