import { saysContended, saysUnavailable } from '@backstep/resilience';

/** Codes of Node's HTTP client for a service that does not answer. `saysUnavailable` has those of sockets and databases. */
const CLIENT_CODES = new Set(['UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT']);

const CAUSES_MAX = 8;

interface Link {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly driverError?: unknown;
  readonly retryable?: unknown;
}

/** True when the error or one of its causes is transient: a database or service cannot be reached, or a concurrent write won. */
export function isUnavailable(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > CAUSES_MAX) return false;
  const link = error as Link;
  if (link.retryable === true || saysUnavailable(link) || saysContended(link)) return true;
  if (typeof link.code === 'string' && CLIENT_CODES.has(link.code)) return true;
  const causes = [link.cause, link.driverError];
  const inner: unknown[] = error instanceof AggregateError ? [...error.errors, ...causes] : causes;
  return inner.some((candidate) => isUnavailable(candidate, depth + 1));
}
