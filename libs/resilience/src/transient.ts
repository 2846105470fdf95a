/**
 * SQLSTATE classes and codes of a database that cannot work now:
 * - 08: the connection failed. 25006: the server is read only. 25P03, 25P04: the transaction took too long.
 * - 28, 3D000: access denied, no such database (while a password is changed or a database is restored).
 * - 53: no resources. 57: cancelled by `statement_timeout` or an operator, shutting down, crashed, starting up, idle for too long.
 * - 58: a fault of its disk.
 *
 * None of them is about the data that was written. XX (internal error, corrupted data) is missing, because it does not pass by itself.
 */
const UNAVAILABLE_STATE = /^(08...|25006|25P0[34]|28...|3D000|53...|57...|58...)$/;
const UNAVAILABLE_SOCKET =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOENT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|ENOTFOUND|EAI_AGAIN|EMFILE|ENFILE)$/;
/** Errors of pg and pg-pool that have no code. */
const UNAVAILABLE_MESSAGE =
  /connection terminated|timeout exceeded when trying to connect|^timeout expired|client has encountered a connection error|client was closed and is not queryable|query read timeout/i;
/** A concurrent transaction holds the row: run the transaction again. */
const CONTENDED_STATE = /^(40001|40P01|55P03)$/;

/** Whether this error (its causes are not looked at) says that a database cannot be reached or cannot work now, which is transient. */
export const saysUnavailable = ({ code, message }: { readonly code?: unknown; readonly message?: unknown }): boolean =>
  (typeof code === 'string' && (UNAVAILABLE_STATE.test(code) || UNAVAILABLE_SOCKET.test(code))) ||
  (typeof message === 'string' && UNAVAILABLE_MESSAGE.test(message));

/** Whether this error says that a transaction lost to a concurrent one, and may win when it runs again. */
export const saysContended = ({ code }: { readonly code?: unknown }): boolean =>
  typeof code === 'string' && CONTENDED_STATE.test(code);
