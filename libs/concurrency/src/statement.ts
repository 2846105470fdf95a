import { ROWS_MISMATCH_STATE, translate } from './errors.js';
import { onlyValue } from './one-row.js';
import { StatementTexts } from './statement-texts.js';
import type { VersionedTable } from './table.js';
import { asText, TextArray } from './text-array.js';

/** Runs one statement. pg's `Pool`, a `PoolClient` and (see {@link VersionedRepository}) TypeORM's manager all fit. */
export interface Executor {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/**
 * One part of a statement. The part must touch (or find) exactly `rows` rows, or nothing of the statement is written.
 * Parts run, and so lock, in their order; those for which any number of rows will do run after all others.
 */
export interface StatementPart {
  /** Unique within the statement: becomes the name of its `WITH` part. */
  readonly name: string;
  /** SQL without RETURNING. `$n` counts the part's own parameters from 1. A part that begins with SELECT is a guard and writes nothing. */
  readonly sql: string;
  readonly params: readonly unknown[];
  /** undefined: any number is right. */
  readonly rows: number | undefined;
  /**
   * The same for one row: see {@link oneRowSql}. A statement whose parts have one row each is made of these. Else a batch of many sizes would be
   * a statement for each mixture of one and several.
   */
  readonly oneRow?: string;
}

declare const answer: unique symbol;

/**
 * An expression that PostgreSQL evaluates in the statement of a write, on what was committed when that statement began: it does not see the
 * rows of the write.
 * `A` is the type that the driver gives the answer; null for NULL.
 */
export interface Question<A = unknown> {
  /** An expression. `$n` counts the question's own parameters from 1. */
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly [answer]?: A;
}

/**
 * Raises when a part touched another number of rows than it must: the optimistic lock of a set-wise write.
 * An error inside the statement undoes all its parts without BEGIN, COMMIT or a second round trip
 * (1,341 units of work a second in one statement, 981 in a transaction of several: see decision 0001).
 */
export const ASSERT_ROWS_SQL = `
CREATE OR REPLACE FUNCTION backstep_assert_rows(part text, touched bigint, expected bigint) RETURNS boolean
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
  params: columnsOf(table, rows),
  rows: rows.length,
  ...table.writes.insert,
});

/** A row to be written, and what it must still be. */
export interface CheckedRow<E> {
  readonly row: E;
  /** The version that was read: the row is written only if its stored version is still this one. */
  readonly expectedVersion: number;
}

/** Writes whole rows, each only where its version is still the expected one. */
export const updatePart = <E>(table: VersionedTable<E>, changes: readonly CheckedRow<E>[]): StatementPart => ({
  params: [
    ...columnsOf(
      table,
      changes.map(({ row }) => row),
    ),
    changes.map(({ expectedVersion }) => expectedVersion),
  ],
  rows: changes.length,
  ...table.writes.update,
});

/** Deletes rows, each only where its version is still the expected one. */
export const deletePart = <E>(table: VersionedTable<E>, changes: readonly CheckedRow<E>[]): StatementPart => ({
  params: [changes.map(({ row }) => table.keyOf(row)), changes.map(({ expectedVersion }) => expectedVersion)],
  rows: changes.length,
  ...table.writes.delete,
});

/** A row that is there, and is not written. */
export interface SeenRow {
  readonly key: string;
  /** The version the row had when it was read. */
  readonly expectedVersion: number;
}

const seen = (rows: readonly SeenRow[]): Pick<StatementPart, 'params' | 'rows'> => ({
  params: [rows.map(({ key }) => key), rows.map(({ expectedVersion }) => expectedVersion)],
  rows: rows.length,
});

/** A guard for rows that decisions depend on and do not change: each must still have the version that the decision saw. */
export const unchangedGuard = (table: VersionedTable, rows: readonly SeenRow[]): StatementPart => ({
  ...seen(rows),
  ...table.guards.unchanged,
});

/**
 * The same, and locks the rows: nobody writes them before this is committed. Without the lock the guard looks at what was committed when
 * the statement began, and a writer that is under way then is not seen.
 */
export const heldGuard = (table: VersionedTable, rows: readonly SeenRow[]): StatementPart => ({
  ...seen(rows),
  ...table.guards.held,
});

/**
 * Locks rows in the order given, before other parts write them: where several parts write rows of one table, each in key order, the
 * rows of all of them would not be. Each row must have the version it was seen with.
 */
export const lockGuard = (table: VersionedTable, rows: readonly SeenRow[]): StatementPart => ({
  ...seen(rows),
  ...table.guards.lock,
});

/** A guard for decisions that depend on absence: there must still be no rows with these keys. */
export const absentGuard = (table: VersionedTable, keys: readonly string[]): StatementPart => ({
  params: [keys],
  rows: 0,
  ...table.guards.absent,
});

/**
 * Composes the parts: one statement, one implicit transaction, one commit.
 * @param timed whether it is to tell its time: see {@link writeTimed}
 */
export function compose(
  given: readonly StatementPart[],
  question?: Question,
  timed = false,
): { readonly text: string; readonly values: unknown[] } {
  const parts = given.every(({ rows = 0 }) => rows <= 1) ? given.map(forOneRow) : given;
  const values: unknown[] = [];
  for (const { params, rows } of parts) {
    values.push(...params);
    if (rows !== undefined) values.push(rows);
  }
  if (question) values.push(...question.params);
  return { text: textOf(parts, question, timed), values };
}

function forOneRow(part: StatementPart): StatementPart {
  const { name, params, rows, oneRow } = part;
  return oneRow === undefined || rows !== 1 ? part : { name, sql: oneRow, params: params.map(onlyValue), rows };
}

const texts = new StatementTexts();

const textOf = (parts: readonly StatementPart[], question: Question | undefined, timed: boolean): string =>
  texts.of([...parts.flatMap(({ name, sql, rows }) => [name, sql, rows === undefined]), question?.sql, timed], () =>
    makeText(parts, question, timed),
  );

/** Renumbers the parameters of a part: they come after the first `first` ones of the statement. */
const shifted = (sql: string, first: number): string =>
  sql.replace(/\$(\d+)/g, (_, n: string) => `$${first + Number(n)}`);

function makeText(parts: readonly StatementPart[], question: Question | undefined, timed: boolean): string {
  const withParts: string[] = [];
  const checks: string[] = [];
  let values = 0;
  for (const { name, sql, params, rows } of parts) {
    withParts.push(`${name} AS (${shifted(sql, values)}${sql.startsWith('SELECT') ? '' : ' RETURNING 1'})`);
    values += params.length;
    if (rows === undefined) continue;
    checks.push(`backstep_assert_rows('${name}', (SELECT count(*) FROM ${name}), $${++values})`);
  }
  const answer = question ? `, ${shifted(question.sql, values)} AS answer` : '';
  return `WITH ${withParts.join(',\n')}\nSELECT ${inOrder(checks)}${answer}${timed ? ', now() AS at' : ''}`;
}

/**
 * A part runs when its rows are counted, and PostgreSQL promises to evaluate only CASE from left to right: without it, which part
 * locks first would be the executor's affair.
 */
const inOrder = (checks: readonly string[]): string =>
  checks.length === 0
    ? 'true'
    : `CASE ${checks.map((check) => `WHEN NOT ${check} THEN false`).join(' ')} ELSE true END`;

/**
 * Writes all parts or nothing.
 * @returns the answer to the question, if there is one.
 * @throws RowsMismatchError, UniqueViolationError, TransactionRetryError, LockTimeoutError, DatabaseUnavailableError, or the driver's error.
 */
export async function write<A>(
  executor: Executor,
  parts: readonly StatementPart[],
  question?: Question<A>,
): Promise<A | undefined> {
  return (await writeTimed(executor, parts, question, false)).answer;
}

/** What a write tells. */
export interface Written<A> {
  /** The answer to the question, if there is one. */
  readonly answer?: A;
  /** The time of its transaction, by PostgreSQL's clock, where it was asked for: what `now` in a row of the write has become. */
  readonly at?: Date;
}

/** The same as {@link write}, and tells its time. @throws as {@link write} does */
export async function writeTimed<A>(
  executor: Executor,
  parts: readonly StatementPart[],
  question: Question<A> | undefined,
  timed: boolean,
): Promise<Written<A>> {
  if (parts.length === 0) return {};
  const { text, values } = compose(parts, question, timed);
  try {
    const { rows } = await executor.query(text, values);
    return (rows[0] as Written<A> | undefined) ?? {};
  } catch (error) {
    throw translate(error);
  }
}

/** The rows column by column: one array parameter for each column. */
const columnsOf = <E>(table: VersionedTable<E>, rows: readonly E[]): TextArray[] =>
  table.columns.map(
    ({ property, type }) => new TextArray(rows.map((row) => asText((row as Record<string, unknown>)[property], type))),
  );
