/** How a version is made that is not counted: {@link timestamp}, {@link hash} or {@link custom}. */
export type VersionStrategy = TimestampVersion | HashVersion | CustomVersion;

/** What {@link timestamp} returns. */
export interface TimestampVersion {
  readonly kind: 'timestamp';
}

/** What {@link hash} returns. */
export interface HashVersion {
  readonly kind: 'hash';
  /** Property names. */
  readonly columns: readonly string[];
}

/** What {@link custom} returns. */
export interface CustomVersion {
  readonly kind: 'custom';
  readonly column: string | undefined;
  readonly next: (row: never, before: number | undefined) => number;
}

/**
 * The version is the time of the last write, by the database's clock, and at least a microsecond after the version before: it rises though the
 * clock is set back. The property is a number, the microseconds since 1970 (exact until the year 2255); its column is a `timestamptz`. A
 * `Date` would have only milliseconds, of which two writes often have the same one.
 *
 * It does not begin again when a row is deleted and inserted. A write by another program is noticed only if that program sets the column.
 * PostgreSQL makes the version in the write, so it is not known before the commit: see {@link isMadeByDatabase}.
 */
export const timestamp = (): TimestampVersion => ({ kind: 'timestamp' });

/**
 * The version is a hash of these columns, for tables that other programs write and that have no column for a version. PostgreSQL computes it in
 * the read and in the WHERE of the write, so whatever anybody has changed in these columns is noticed.
 *
 * Not noticed: a change that was changed back (A, B, A), and a row that was deleted and inserted with the same content. What means the same has the
 * same hash: the order of the keys of a JSON object, `1.0` and `1.00`, a key that is null and one that is absent.
 *
 * Whatever a write would write must be checked: each column that is neither the key nor named here must have `{ update: false }`, and an
 * update leaves it as it is. The hash is the first 52 bits of a SHA-256, so that it is a number like any other version.
 * @param columns property names
 */
export function hash(...columns: readonly [string, ...string[]]): HashVersion {
  return { kind: 'hash', columns };
}

/**
 * The version is what `next` makes of the row that is about to be written, such as the position of the event that it has applied.
 */
export const custom = <E>({ next, column }: CustomOptions<E>): CustomVersion => ({ kind: 'custom', next, column });

/** How {@link custom} makes a version, and where it is stored. */
export interface CustomOptions<E> {
  /**
   * Must be pure. It gets the row as it will be written and the version before (undefined for a new row), and returns a whole number from 0,
   * above the version before; or else the write throws VersionNotRisingError.
   */
  readonly next: (row: E, before: number | undefined) => number;
  /** The name of the column, a `bigint`; default: that of the property. */
  readonly column?: string;
}
