import { ROWS_MISMATCH_STATE, translate } from './errors.js';
import { StatementTexts } from './statement-texts.js';
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
export const insertPart = <E>(table: VersionedTable<E>, rows: readonly E[]): StatementPart => ({
  ...table.writes.insert,
  params: [JSON.stringify(rows.map((row) => byColumn(table, row)))],
  rows: rows.length,
});

export interface CheckedRow<E> {
  readonly row: E;
  /** The version the row had when it was read: it is written only if it still has. */
  readonly expectedVersion: number;
}

/** Writes whole rows, each only where its version is still the expected one. */
export const updatePart = <E>(table: VersionedTable<E>, changes: readonly CheckedRow<E>[]): StatementPart => ({
  ...table.writes.update,
  params: [JSON.stringify(changes.map(({ row, expectedVersion }) => byColumn(table, row, expectedVersion)))],
  rows: changes.length,
});

/** Deletes rows, each only where its version is still the expected one. */
export const deletePart = <E>(table: VersionedTable<E>, changes: readonly CheckedRow<E>[]): StatementPart => ({
  ...table.writes.delete,
  params: [changes.map(({ row }) => table.keyOf(row)), changes.map(({ expectedVersion }) => expectedVersion)],
  rows: changes.length,
});

/** Puts the parts together: one statement, one implicit transaction, one commit. */
export function compose(parts: readonly StatementPart[]): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  for (const { params, rows } of parts) {
    values.push(...params);
    if (rows !== undefined) values.push(rows);
  }
  return { text: textOf(parts), values };
}

const texts = new StatementTexts();

const textOf = (parts: readonly StatementPart[]): string =>
  texts.of(
    parts.flatMap(({ name, sql, rows }) => [name, sql, rows === undefined]),
    () => makeText(parts),
  );

function makeText(parts: readonly StatementPart[]): string {
  const withParts: string[] = [];
  const checks: string[] = [];
  let values = 0;
  for (const { name, sql, params, rows } of parts) {
    const first = values;
    withParts.push(`${name} AS (${sql.replace(/\$(\d+)/g, (_, n: string) => `$${first + Number(n)}`)} RETURNING 1)`);
    values += params.length;
    if (rows === undefined) continue;
    checks.push(`backstep_assert_rows('${name}', (SELECT count(*) FROM ${name}), $${++values})`);
  }
  return `WITH ${withParts.join(',\n')}\nSELECT ${checks.join(', ') || 'true'}`;
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

function byColumn<E>(table: VersionedTable<E>, row: E, expectedVersion?: number): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { field, property } of table.columns) {
    values[field] = (row as Record<string, unknown>)[property] ?? null;
  }
  if (expectedVersion !== undefined) values['expected_version'] = expectedVersion;
  return values;
}
