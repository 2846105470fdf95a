import { entityTag, ProblemError, PROBLEMS } from '@backstep/problems';
import { NotParkedError, ParkedKeyReusedError, ParkedMovedOnError, SettleRefusedError } from '@backstep/unit-of-work';

/** The problem that an operator gets when a parked message is not settled as wanted; any other error as it is. */
export function parkedProblem(error: unknown): unknown {
  if (error instanceof NotParkedError) {
    const detail = `No message ${error.id} is parked here, or it was settled already.`;
    return new ProblemError(PROBLEMS.notFound, { detail, cause: error });
  }
  if (error instanceof ParkedKeyReusedError)
    return new ProblemError(PROBLEMS.idempotencyKeyReused, { detail: error.message, cause: error });
  if (error instanceof SettleRefusedError)
    return new ProblemError(PROBLEMS.conflict, { detail: error.message, cause: error });
  if (!(error instanceof ParkedMovedOnError)) return error;
  const { current, settled } = error;
  return new ProblemError(PROBLEMS.preconditionFailed, {
    detail: `You have seen version ${error.expectedVersion}; ${whatItIs(error)}.`,
    extensions: {
      ...(current && { current }),
      ...(settled && { settled: { outcome: settled.outcome, by: settled.by, reason: settled.reason, at: settled.at } }),
    },
    ...(current && { headers: { etag: entityTag(current.version) } }),
    cause: error,
  });
}

function whatItIs({ current, settled }: ParkedMovedOnError): string {
  if (settled) return `${settled.by} has settled it: it is ${settled.outcome}`;
  if (current) return `it is at version ${current.version}, ${current.state}`;
  return 'it is parked no more';
}
