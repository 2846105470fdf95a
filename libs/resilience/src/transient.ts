/**
 * 08: connection; 25006: read only; 25P03, 25P04: a transaction that took too long; 28, 3D000: not let in, no such database (a password that
 * is being changed, a database that is being restored); 53: no resources; 57: cancelled, by `statement_timeout` or an operator, shutting
 * down, crashed, starting up, idle for too long; 58: its disk. None says anything about what was written.
 * Not XX (internal error, corrupted data): time does not heal it.
 */
const UNAVAILABLE_STATE = /^(08...|25006|25P0[34]|28...|3D000|53...|57...|58...)$/;
const UNAVAILABLE_SOCKET =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOENT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|ENOTFOUND|EAI_AGAIN|EMFILE|ENFILE)$/;
/** pg and pg-pool give these no code. */
const UNAVAILABLE_MESSAGE =
  /connection terminated|timeout exceeded when trying to connect|^timeout expired|client has encountered a connection error|client was closed and is not queryable|query read timeout/i;
/** Somebody else holds the row: run again. */
const CONTENDED_STATE = /^(40001|40P01|55P03)$/;

/** Whether this error, leaving aside what caused it, says that a database cannot be reached or cannot work now: a state that passes. */
export const saysUnavailable = ({ code, message }: { readonly code?: unknown; readonly message?: unknown }): boolean =>
  (typeof code === 'string' && (UNAVAILABLE_STATE.test(code) || UNAVAILABLE_SOCKET.test(code))) ||
  (typeof message === 'string' && UNAVAILABLE_MESSAGE.test(message));

/** The same of a transaction that lost to another, and may win when it runs again. */
export const saysContended = ({ code }: { readonly code?: unknown }): boolean =>
  typeof code === 'string' && CONTENDED_STATE.test(code);
