import { RowsMismatchError, TransactionRetryError, UniqueViolationError } from '@backstep/concurrency';

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

/** Counts how often in a row one and the same constraint was violated. A race is lost once: then the rows are read again. */
export class SameViolations {
  private constraint: string | undefined;
  private count = 0;

  inARow(failure: Error): number {
    const constraint = failure instanceof UniqueViolationError ? `${failure.table} ${failure.constraint}` : undefined;
    this.count = constraint !== undefined && constraint === this.constraint ? this.count + 1 : 1;
    this.constraint = constraint;
    return this.count;
  }
}
