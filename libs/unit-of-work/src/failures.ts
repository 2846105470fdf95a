import { RowsMismatchError, TransactionRetryError, UniqueViolationError } from '@backstep/concurrency';
import { INBOX_TABLE, PARKED_TABLE } from '@backstep/inbox';

const LOCK_NOT_AVAILABLE = '55P03';
/** 0A and 42: a schema or a right that is missing. 28, 3D, 3F: who and where. 55, XX: the server's state. */
const OF_THE_DATABASE = /^(?:0A|28|3D|3F|42|55|XX)/;

const codeOf = (error: Error): string => String((error as { code?: unknown }).code ?? '');

/** Somebody else was quicker: the batch runs again. */
export const isConflict = (error: Error): boolean =>
  error instanceof RowsMismatchError ||
  error instanceof UniqueViolationError ||
  error instanceof TransactionRetryError ||
  codeOf(error) === LOCK_NOT_AVAILABLE;

/** No message causes it, so while it lasts no message is passed over. */
export const isOfTheDatabase = (error: Error): boolean => OF_THE_DATABASE.test(codeOf(error));

/** It may be that the inbox, or the lot, knows one of the messages: by a unique violation of their tables. */
export const mayBeDuplicate = (failure: Error): failure is UniqueViolationError =>
  failure instanceof UniqueViolationError && (failure.table === INBOX_TABLE || failure.table === PARKED_TABLE);
