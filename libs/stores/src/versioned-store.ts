/** What JSON can say. A store gives back what was put, by value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A row as it is stored. */
export interface Versioned<V> {
  readonly value: V;
  /** 1 when the row was created, and one more with each put. At most 2^53 - 1. */
  readonly version: number;
}

/**
 * Rows with a version that the write itself compares. Nothing is removed: a row that was removed and created again would begin at version 1,
 * and a writer of its first life would be taken for one of its second. What is gone is a value that says so.
 */
export interface VersionedStore<V extends Json = Json> {
  /** What was put last, as the store's own leader knows it. A read that is stale all the same costs its reader a conflict. */
  get(key: string): Promise<Versioned<V> | undefined>;

  /**
   * Writes the row where its version is `expected`; undefined: where there is no row. Of several that expect the same, one writes.
   * @returns the row's new version
   * @throws VersionConflictError when the row is another. Nothing was written; read it again and decide again
   * @throws OutcomeUnknownError, or the driver's error, when the answer was lost: the row may have been written
   */
  put(key: string, value: V, expected: number | undefined): Promise<number>;
}

/** A message that must leave if, and only if, the row is written. Whoever sends it drops it by `id` where it comes twice. */
export interface OutboxRecord {
  readonly id: string;
  readonly payload: Json;
}

/** A store that writes a row and a message together. */
export interface OutboxStore<V extends Json = Json> extends VersionedStore<V> {
  /** As `put`, and the record with it: both are there, or neither is. @throws VersionConflictError */
  putWithRecord(key: string, value: V, expected: number | undefined, record: OutboxRecord): Promise<number>;

  /** Records that were written with this row, oldest first. For tests, and for a relay that goes by rows. */
  recordsOf(key: string): Promise<OutboxRecord[]>;
}

/** The row is not at the version that the writer expected. Nothing was written. */
export class VersionConflictError extends Error {
  override readonly name = 'VersionConflictError';
  constructor(
    readonly key: string,
    /** undefined: no row was expected. */
    readonly expected: number | undefined,
    options?: ErrorOptions,
  ) {
    super(
      `${key}: expected ${expected === undefined ? 'no row' : `version ${expected}`}, and the row is another`,
      options,
    );
  }
}

/**
 * The answer of a put was lost, the driver sent it again, and the second one met a row that others have written meanwhile. Whether the first
 * was among the writes is not known. Read the row again, and decide by what it says: a decision that was made already must show in it.
 */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';
  constructor(
    readonly key: string,
    options?: ErrorOptions,
  ) {
    super(`${key}: whether the row was written is not known`, options);
  }
}

/** @returns the version after `expected` @throws RangeError for what is no version */
export function versionAfter(expected: number | undefined): number {
  const next = (expected ?? 0) + 1;
  if (!Number.isSafeInteger(next) || next < 1 || expected === 0) {
    throw new RangeError(`expected must be undefined or a whole number from 1 to 2^53 - 2, not ${expected}`);
  }
  return next;
}
