import type { EntityMetadata } from 'typeorm';
import { contentSql } from './content-sql.js';
import { VersionNotRisingError } from './errors.js';
import type { TableColumn } from './table.js';
import { checkedVersion, declaredVersionOf, type EntityClass } from './version.js';
import type { CustomVersion, HashVersion } from './version-strategies.js';

/** The version of a table's rows, as its statements need it. */
export interface TableVersion {
  readonly property: string;
  /** Quoted; undefined: no column holds it. */
  readonly column: string | undefined;
  /**
   * SQL of the version of a row, a bigint.
   * @param row alias of the row and a dot; or nothing, where the row is the only one
   */
  of(row: string): string;
  /** Each version is one more than the one before. */
  readonly counted: boolean;
  /** PostgreSQL makes the version, in the write: see {@link isMadeByDatabase}. `next` then leaves it as it was. */
  readonly madeByDatabase: boolean;
  /** SQL of the first version, where PostgreSQL sets the column. */
  readonly first: string | undefined;
  /** SQL of the version after that of a row, where SQL can say it. @param row as of {@link of} */
  after(row: string): string | undefined;
  /** The version of the row that is about to be written. @param before undefined: there was no row. @throws VersionNotRisingError */
  next(row: unknown, before: number | undefined): number;
  /** Properties whose columns an update may write; undefined: all. */
  readonly checked: ReadonlySet<string> | undefined;
}

/** @throws Error when the entity has no version, or one that does not fit its columns */
export function tableVersion(
  entity: EntityClass,
  metadata: EntityMetadata,
  columns: readonly TableColumn[],
): TableVersion {
  const { property, by } = declaredVersionOf(entity);
  if (by?.kind === 'hash') return hashed(entity, metadata, columns, property, by);
  const column = columns.find((one) => one.property === property)?.name;
  if (column === undefined) throw new Error(`${entity.name} has no column ${property}`);
  if (by?.kind === 'timestamp') return timed(property, column);
  return by ? custom(entity, property, column, by) : counted(property, column);
}

const counted = (property: string, column: string): TableVersion => ({
  property,
  column,
  of: (row) => `${row}${column}`,
  counted: true,
  madeByDatabase: false,
  first: undefined,
  after: (row) => `${row}${column} + 1`,
  next: (_, before) => (before ?? 0) + 1,
  checked: undefined,
});

const custom = (entity: EntityClass, property: string, column: string, { next }: CustomVersion): TableVersion => ({
  ...counted(property, column),
  counted: false,
  after: () => undefined,
  next: (row, before) => {
    const version = next(row as never, before);
    if (Number.isInteger(version) && version >= 0 && version > (before ?? -1)) return checkedVersion(entity, version);
    throw new VersionNotRisingError(entity.name, before, version);
  },
});

/**
 * `clock_timestamp()` and not `now()`, which is the time at which the transaction began: of two that write one row, the later one may have begun
 * earlier. A microsecond more than before, since the clock may stand still or be set back.
 */
const timed = (property: string, column: string): TableVersion => ({
  property,
  column,
  of: (row) => `(extract(epoch FROM ${row}${column}) * 1000000)::bigint`,
  counted: false,
  madeByDatabase: true,
  first: 'clock_timestamp()',
  after: (row) => `greatest(clock_timestamp(), ${row}${column} + interval '1 microsecond')`,
  next: (_, before) => before ?? 0,
  checked: undefined,
});

function hashed(
  entity: EntityClass,
  metadata: EntityMetadata,
  columns: readonly TableColumn[],
  property: string,
  by: HashVersion,
): TableVersion {
  const named = by.columns.map((name) => {
    const found = columns.find((column) => column.property === name);
    if (!found) throw new Error(`${entity.name}: the hash is of ${name}, which is no column`);
    return found;
  });
  const keys = metadata.primaryColumns.map(({ propertyName }) => propertyName);
  if (by.columns.every((name) => keys.includes(name))) {
    throw new Error(`${entity.name}: the hash is of no column but the key, which never changes`);
  }
  const unchecked = metadata.columns
    .filter(({ isPrimary, isUpdate }) => !isPrimary && isUpdate)
    .find(({ propertyName }) => !by.columns.includes(propertyName));
  if (unchecked) {
    throw new Error(
      `${entity.name}.${unchecked.propertyName} is not in the hash, so a write would write over what another program has set there. Name it in hash(), or give its column { update: false }`,
    );
  }
  return {
    property,
    column: undefined,
    of: (row) => `('x' || left(encode(sha256(${contentSql(named, row)}), 'hex'), 13))::bit(52)::bigint`,
    counted: false,
    madeByDatabase: true,
    first: undefined,
    after: () => undefined,
    next: (_, before) => before ?? 0,
    checked: new Set(by.columns),
  };
}
