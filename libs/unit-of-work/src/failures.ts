import {
  LockTimeoutError,
  RowsMismatchError,
  TransactionRetryError,
  UniqueViolationError,
} from '@backstep/concurrency';
import { INBOX_TABLE, PARKED_TABLE } from '@backstep/inbox';

/** SQLSTATE classes. 0A, 42: a missing schema object or right. 28, 3D, 3F: login, database, schema. 55, XX: the server's state. */
const OF_THE_DATABASE = /^(?:0A|28|3D|3F|42|55|XX)/;

const codeOf = (error: Error): string => String((error as { code?: unknown }).code ?? '');

/** Another transaction was faster: the batch runs again. */
export const isConflict = (error: Error): boolean =>
  error instanceof RowsMismatchError ||
  error instanceof UniqueViolationError ||
  error instanceof TransactionRetryError ||
  error instanceof LockTimeoutError;

/** A row has changed since it was read, or is there by now: reading it again says which one. */
export const isStale = (error: Error): boolean =>
  error instanceof RowsMismatchError || error instanceof UniqueViolationError;

/** A failure of the database that no message can cause. While it lasts, no message may be passed over. */
export const isOfTheDatabase = (error: Error): boolean => OF_THE_DATABASE.test(codeOf(error));

/** A unique violation of the inbox or of the parked messages: one of the batch's messages may be a duplicate. */
export const mayBeDuplicate = (failure: Error): failure is UniqueViolationError =>
  failure instanceof UniqueViolationError && (failure.table === INBOX_TABLE || failure.table === PARKED_TABLE);
