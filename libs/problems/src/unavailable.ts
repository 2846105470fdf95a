import { saysContended, saysUnavailable } from '@backstep/resilience';

/** Codes of Node's HTTP client for a service that does not answer. `saysUnavailable` has those of sockets and databases. */
const CLIENT_CODES = new Set(['UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT']);

const CAUSES_MAX = 8;

interface Link {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly driverError?: unknown;
  readonly retryable?: unknown;
}

/** True when the error or one of its causes is transient: a database or service cannot be reached. */
export const isUnavailable = (error: unknown): boolean =>
  someLink(
    error,
    (link) =>
      link.retryable === true ||
      saysUnavailable(link) ||
      (typeof link.code === 'string' && CLIENT_CODES.has(link.code)),
  );

/** Thrown by the unit of work and by versioned rows, which this package only knows by name. */
const CONTENDED = new Set(['ContendedError', 'LockTimeoutError', 'TransactionRetryError']);

/** True when the error or one of its causes says that a concurrent write won, or holds a row. Nothing was written, and the database is well. */
export const isContended = (error: unknown): boolean =>
  someLink(error, (link) => saysContended(link) || (typeof link.name === 'string' && CONTENDED.has(link.name)));

function someLink(error: unknown, says: (link: Link) => boolean, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > CAUSES_MAX) return false;
  const link = error as Link;
  if (says(link)) return true;
  const causes = [link.cause, link.driverError];
  const inner: unknown[] = error instanceof AggregateError ? [...error.errors, ...causes] : causes;
  return inner.some((candidate) => someLink(candidate, says, depth + 1));
}
