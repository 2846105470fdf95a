/** Node's codes for a peer that cannot be reached or went away. */
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
]);

/** SQLSTATE of a server that is shutting down, crashed, starting, or has no connection left; class 08 is "connection exception". */
const SQLSTATES = new Set(['57P01', '57P02', '57P03', '53300']);
const CONNECTION_EXCEPTION = /^08[0-9A-Z]{3}$/;

/** pg and pg-pool give these no code. */
const DRIVER_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error)/;

const CAUSES_MAX = 8;

/** True when the error, or what caused it, says that a database or service cannot be reached: a state that passes. */
export function isUnavailable(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > CAUSES_MAX) return false;
  const { code, message, cause, driverError } = error as {
    readonly code?: unknown;
    readonly message?: unknown;
    readonly cause?: unknown;
    readonly driverError?: unknown;
  };
  if (typeof code === 'string' && (NETWORK_CODES.has(code) || SQLSTATES.has(code) || CONNECTION_EXCEPTION.test(code))) {
    return true;
  }
  if (typeof message === 'string' && DRIVER_MESSAGES.test(message)) return true;
  const inner = error instanceof AggregateError ? [...error.errors, cause, driverError] : [cause, driverError];
  return inner.some((candidate) => isUnavailable(candidate, depth + 1));
}
