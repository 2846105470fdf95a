import { saysUnavailable } from '@backstep/resilience';
import { types } from 'node:util';

/** A row that is not as it was read. */
export interface StaleRow {
  readonly key: string;
  readonly expectedVersion: number;
  /** undefined: there is no row. */
  readonly actualVersion: number | undefined;
}

/**
 * Another writer changed the row after it was read. Nothing was written.
 * `actualVersion` is undefined when the row is gone (or, for an insert, when the row exists and its version is unknown).
 */
export class OptimisticLockError extends Error {
  override readonly name = 'OptimisticLockError';
  constructor(
    readonly entity: string,
    readonly key: string,
    readonly expectedVersion: number,
    readonly actualVersion: number | undefined,
    /** The other rows of the same write that were not as they were read. */
    readonly others: readonly StaleRow[] = [],
  ) {
    const more = others.length === 0 ? '' : ` (and so of ${others.length} more)`;
    super(`${entity} ${key}: expected version ${expectedVersion}, found ${actualVersion ?? 'no such row'}${more}`);
  }
}

/** The rows that a part of a statement was about. */
export interface PartRows {
  readonly entity: string;
  /** At most {@link ROWS_NAMED_MAX} of their keys. */
  readonly keys: readonly string[];
  /** How many rows they are. */
  readonly count: number;
}

/** Keys that an error names. */
export const ROWS_NAMED_MAX = 3;

/**
 * A set of rows could not be written as a whole, so nothing was written. Raised inside the statement by `backstep_assert_rows`, which
 * knows the part and not its rows: `rows` is what the writer knows of them, and it is not known which of them were not as expected.
 */
export class RowsMismatchError extends Error {
  override readonly name = 'RowsMismatchError';
  readonly rows: PartRows | undefined;
  constructor(
    readonly part: string,
    { rows, ...options }: ErrorOptions & { readonly rows?: PartRows | undefined } = {},
  ) {
    super(
      `the part ${part} touched another number of rows than it must${rows ? `: ${rowsAsText(rows)}` : ''}`,
      options,
    );
    this.rows = rows;
  }
}

function rowsAsText({ entity, keys, count }: PartRows): string {
  const more = count - keys.length;
  return `${entity} ${keys.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The version of a row has come to its end: see `VERSION_MAX`. The row cannot be written any more. */
export class VersionRangeError extends RangeError {
  override readonly name = 'VersionRangeError';
  readonly parkedAs = 'version_out_of_range';
  constructor(
    readonly entity: string,
    readonly version: number,
  ) {
    super(`${entity}: the version ${version} is beyond 2^53 - 1, up to which numbers are exact`);
  }
}

/**
 * The version that `custom({ next })` has made for a row does not rise, or is no whole number: a position that goes back, an event that was
 * applied already. Nothing was written.
 */
export class VersionNotRisingError extends Error {
  override readonly name = 'VersionNotRisingError';
  readonly parkedAs = 'version_not_rising';
  constructor(
    readonly entity: string,
    /** undefined: there was no row. */
    readonly before: number | undefined,
    readonly made: number,
  ) {
    super(
      `${entity}: custom() made the version ${made}, which must be a whole number${before === undefined ? ' from 0' : ` above ${before}`}`,
    );
  }
}

/** A row whose version PostgreSQL makes was not read by us, so that it carries none. */
export class VersionNotReadError extends Error {
  override readonly name = 'VersionNotReadError';
  constructor(
    readonly entity: string,
    readonly key: string,
  ) {
    super(
      `${entity} ${key} carries no version: TypeORM does not read one that PostgreSQL makes. Read the row with VersionedRepository.find()`,
    );
  }
}

/**
 * A number is too large for its column (22003): one that a handler wrote, or a version whose column is an `integer` still. The same write
 * fails again each time.
 */
export class NumberOutOfRangeError extends Error {
  override readonly name = 'NumberOutOfRangeError';
  readonly parkedAs = 'number_out_of_range';
  constructor(options?: ErrorOptions) {
    super('a number is too large for its column', options);
  }
}

/** An inserted row exists already. `table` tells a duplicate message (inbox) from a lost race for a new row. */
export class UniqueViolationError extends Error {
  override readonly name = 'UniqueViolationError';
  constructor(
    readonly table: string,
    readonly constraint: string,
    options?: ErrorOptions,
  ) {
    super(`${table}: ${constraint} is violated`, options);
  }
}

/** PostgreSQL has rolled the transaction back, and it may be run again: 40001 (serialization failure) or 40P01 (deadlock). */
export class TransactionRetryError extends Error {
  override readonly name = 'TransactionRetryError';
  constructor(
    readonly sqlState: string,
    options?: ErrorOptions,
  ) {
    super(`PostgreSQL asks to run the transaction again (${sqlState})`, options);
  }
}

/**
 * Somebody else holds a row (or a table), and it was not to be had in time: `lock_timeout` (55P03), or a statement that was ended while it
 * waited for a row (57014). Nothing of the statement happened, and the database is well.
 */
export class LockTimeoutError extends Error {
  override readonly name = 'LockTimeoutError';
  readonly retryable = true;
  constructor(
    readonly sqlState: string,
    options?: ErrorOptions,
  ) {
    super(`somebody else holds a row that was not to be had in time (${sqlState})`, options);
  }
}

/**
 * Others hold what was to be locked, and it was not to be had in the time that the caller gave. Nothing was locked and nothing written.
 */
export class LockedError extends Error {
  override readonly name = 'LockedError';
  readonly retryable = true;
  /** For how long others hold it unless they release it earlier, milliseconds; 0: not known. */
  readonly retryAfterMs: number;
  /** @param names what others hold */
  constructor(
    readonly names: readonly string[],
    { retryAfterMs = 0, ...options }: ErrorOptions & { readonly retryAfterMs?: number } = {},
  ) {
    super(`others hold the lock ${names.join(', ')}`, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * The database cannot be reached, is starting or stopping, accepts no writes (a standby after a failover) or did not answer in time.
 * The outcome of a write that was under way is unknown.
 */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
  readonly retryable = true;
  constructor(options?: ErrorOptions) {
    super('the database cannot be reached', options);
  }
}

/** SQLSTATE that `backstep_assert_rows` raises. Class BS is free for applications. */
export const ROWS_MISMATCH_STATE = 'BS001';

interface DriverError extends Error {
  readonly code?: string;
  readonly table?: string;
  readonly constraint?: string;
  readonly detail?: string;
  /** What PostgreSQL was doing. */
  readonly where?: string;
}

/** PostgreSQL names the row that a statement waited for: `while updating tuple (0,1) in relation "loaf"`. */
const WAITED_FOR_A_ROW = /^while (?:updating|deleting|locking|inserting|checking|rechecking) .*tuple .*in relation/m;

const isLockWait = ({ code, where = '' }: DriverError): boolean =>
  code === '55P03' || (code === '57014' && WAITED_FOR_A_ROW.test(where));

/** @returns what pg threw (or TypeORM around it) as one of the classes above; any other error unchanged */
export function translate(error: unknown): Error {
  // Not `instanceof`: the errors of sockets may come from another realm than this module (a vm, Jest).
  const outer = types.isNativeError(error) ? error : new Error(String(error));
  const driver = ((outer as { driverError?: unknown }).driverError ?? outer) as DriverError;
  const code = driver.code ?? '';
  const options = { cause: outer };
  if (code === ROWS_MISMATCH_STATE) return new RowsMismatchError(driver.detail ?? driver.message, options);
  if (code === '23505') return new UniqueViolationError(driver.table ?? '', driver.constraint ?? '', options);
  if (code === '40001' || code === '40P01') return new TransactionRetryError(code, options);
  if (code === '22003') return new NumberOutOfRangeError(options);
  if (isLockWait(driver)) return new LockTimeoutError(code, options);
  const inner = outer instanceof AggregateError ? (outer.errors as Error[]) : [];
  return [driver, ...inner].some(saysUnavailable) ? new DatabaseUnavailableError(options) : outer;
}
