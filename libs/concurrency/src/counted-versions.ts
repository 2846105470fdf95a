/**
 * Adds one to the version of a row when an UPDATE did not. Then nobody who has the row in memory, or has read it, overwrites the change.
 *
 * AFTER, although BEFORE could change the row in place: before PostgreSQL checks the condition of a BEFORE trigger, it locks the row and
 * logs that lock, 63 bytes for each row of every write. The condition of an AFTER trigger costs nothing measurable (decision 0031).
 */
export const COUNT_VERSION_SQL = `
CREATE OR REPLACE FUNCTION backstep_count_version() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('UPDATE %I.%I SET %3$I = coalesce(%3$I, 0) + 1 WHERE %4$I = ($1).%4$I',
    TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_ARGV[0], TG_ARGV[1]) USING NEW;
  RETURN NULL;
END $$;
`;

/** The name of the trigger, the same on every table. */
export const COUNT_VERSION_TRIGGER = 'backstep_count_version';

/** A table whose versions PostgreSQL counts, and its columns. */
export interface CountedTable {
  readonly table: string;
  /** The column of the primary key. */
  readonly key: string;
  /** The column of the version; default `version`. */
  readonly version?: string;
}

/** SQL for the migration of a table, after {@link COUNT_VERSION_SQL}: PostgreSQL counts its versions. PostgreSQL 14 or later. */
export const countVersionsSql = ({ table, key, version = 'version' }: CountedTable): string =>
  `CREATE OR REPLACE TRIGGER ${COUNT_VERSION_TRIGGER} AFTER UPDATE ON ${name(table)} FOR EACH ROW ` +
  `WHEN (NEW.${name(version)} IS NOT DISTINCT FROM OLD.${name(version)}) ` +
  `EXECUTE FUNCTION backstep_count_version(${text(version)}, ${text(key)});`;

/**
 * SQL that makes the version of a table a `bigint`, for tables that were made with an `integer`: at 2,147,483,647 each further write of the row
 * would fail. PostgreSQL writes the table anew under an exclusive lock, which takes about a second a million rows. The trigger goes and
 * comes back: the type of a column that its condition names cannot be changed.
 */
export const widenVersionSql = (counted: CountedTable): string => asType(counted, 'bigint');

/** Takes {@link widenVersionSql} back. It fails where a version is too large by now. */
export const narrowVersionSql = (counted: CountedTable): string => asType(counted, 'integer');

const asType = (counted: CountedTable, type: string): string =>
  `DROP TRIGGER IF EXISTS ${COUNT_VERSION_TRIGGER} ON ${name(counted.table)};\n` +
  `ALTER TABLE ${name(counted.table)} ALTER COLUMN ${name(counted.version ?? 'version')} TYPE ${type};\n` +
  countVersionsSql(counted);

/** SQL that drops the trigger of {@link countVersionsSql}. */
export const uncountVersionsSql = (table: string): string => `DROP TRIGGER ${COUNT_VERSION_TRIGGER} ON ${name(table)};`;

const name = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
