import { ROWS_MISMATCH_STATE, translate } from './errors.js';
import type { VersionedTable } from './table.js';

/** Runs one statement. pg's `Pool`, a `PoolClient` and (see {@link VersionedRepository}) TypeORM's manager all fit. */
export interface Executor {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/** One data-modifying part of a statement. It must touch exactly `rows` rows, or nothing of the statement happens. */
export interface StatementPart {
  /** Unique within the statement: becomes the name of its `WITH` part. */
  readonly name: string;
  /** SQL without RETURNING. `$n` counts the part's own parameters from 1. */
  readonly sql: string;
  readonly params: readonly unknown[];
  /** undefined: any number will do. */
  readonly rows: number | undefined;
}

/**
 * Raises when a part touched another number of rows than it must: the optimistic lock of a set-wise write.
 * A raise inside the statement undoes all its parts without BEGIN, COMMIT or a second round trip
 * (one statement 1,341 orders/s, classic transaction 981: see the design's prototype).
 */
export const ASSERT_ROWS_SQL = `
CREATE FUNCTION backstep_assert_rows(part text, touched bigint, expected bigint) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF touched IS DISTINCT FROM expected THEN
    RAISE EXCEPTION 'part % touched % rows, must touch %', part, touched, expected
      USING ERRCODE = '${ROWS_MISMATCH_STATE}', DETAIL = part;
  END IF;
  RETURN true;
END $$`;

/** Inserts rows with version 1 (or the version they carry). A row that exists is a unique violation. */
export function insertPart<E>(table: VersionedTable<E>, rows: readonly E[]): StatementPart {
  const names = table.columns.map((column) => column.name).join(', ');
  return {
    name: partName('ins', table),
    sql: `INSERT INTO ${table.name} (${names}) SELECT ${names} FROM json_to_recordset($1::json) AS x(${recordType(table)})`,
    params: [JSON.stringify(rows.map((row) => byColumn(table, row)))],
    rows: rows.length,
  };
}

export interface CheckedRow<E> {
  readonly row: E;
  /** The version the row had when it was read: it is written only if it still has. */
  readonly expectedVersion: number;
}

/** Writes whole rows, each only where its version is still the expected one. */
export function updatePart<E>(table: VersionedTable<E>, changes: readonly CheckedRow<E>[]): StatementPart {
  const assignments = table.columns
    .filter((column) => column !== table.key)
    .map((column) => `${column.name} = x.${column.name}`)
    .join(', ');
  return {
    name: partName('upd', table),
    sql:
      `UPDATE ${table.name} AS t SET ${assignments} ` +
      `FROM json_to_recordset($1::json) AS x(${recordType(table)}, expected_version integer) ` +
      `WHERE t.${table.key.name} = x.${table.key.name} AND t.${table.version.name} = x.expected_version`,
    params: [
      JSON.stringify(
        changes.map(({ row, expectedVersion }) => ({ ...byColumn(table, row), expected_version: expectedVersion })),
      ),
    ],
    rows: changes.length,
  };
}

/** Deletes rows, each only where its version is still the expected one. */
export function deletePart<E>(table: VersionedTable<E>, changes: readonly CheckedRow<E>[]): StatementPart {
  return {
    name: partName('del', table),
    sql:
      `DELETE FROM ${table.name} AS t USING unnest($1::${table.key.type}[], $2::integer[]) AS x(key, expected_version) ` +
      `WHERE t.${table.key.name} = x.key AND t.${table.version.name} = x.expected_version`,
    params: [changes.map(({ row }) => table.keyOf(row)), changes.map(({ expectedVersion }) => expectedVersion)],
    rows: changes.length,
  };
}

/** Puts the parts together: one statement, one implicit transaction, one commit. */
export function compose(parts: readonly StatementPart[]): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const withParts: string[] = [];
  const checks: string[] = [];
  for (const part of parts) {
    const first = values.length;
    const sql = part.sql.replace(/\$(\d+)/g, (_, n: string) => `$${first + Number(n)}`);
    values.push(...part.params);
    withParts.push(`${part.name} AS (${sql} RETURNING 1)`);
    if (part.rows !== undefined) {
      values.push(part.rows);
      checks.push(`backstep_assert_rows('${part.name}', (SELECT count(*) FROM ${part.name}), $${values.length})`);
    }
  }
  return { text: `WITH ${withParts.join(',\n')}\nSELECT ${checks.join(', ') || 'true'}`, values };
}

/**
 * Writes all parts or nothing.
 * @throws RowsMismatchError, UniqueViolationError, TransactionRetryError, DatabaseUnavailableError, or what the driver said.
 */
export async function write(executor: Executor, parts: readonly StatementPart[]): Promise<void> {
  if (parts.length === 0) return;
  const { text, values } = compose(parts);
  try {
    await executor.query(text, values);
  } catch (error) {
    throw translate(error);
  }
}

const partName = (verb: string, table: VersionedTable<unknown>): string =>
  `${verb}_${table.name.replaceAll(/[^a-z0-9_]/gi, '')}`;

const recordType = (table: VersionedTable<unknown>): string =>
  table.columns.map((column) => `${column.name} ${column.type}`).join(', ');

function byColumn<E>(table: VersionedTable<E>, row: E): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const column of table.columns) {
    values[column.name.slice(1, -1)] = (row as Record<string, unknown>)[column.property] ?? null;
  }
  return values;
}
