import { translate } from './errors.js';
import type { Executor } from './statement.js';
import type { VersionedTable } from './table.js';

/** Which rows a {@link claim} takes, and what it makes of them: SQL over the columns of the table, in which `$n` counts `params` from 1. */
export interface Claim {
  /** The rows that are to be had: a condition. */
  readonly where: string;
  /** Which of them go first. */
  readonly orderBy: string;
  /**
   * The assignments that make a row the claimant's: `taken_by = $1, taken_until = now() + interval '30 seconds'`. Afterwards `where` must not
   * hold for the row, or the next claim takes it again.
   */
  readonly set: string;
  readonly params?: readonly unknown[];
  /** The most rows that one claim takes, at least 1. */
  readonly max: number;
}

/**
 * Takes rows that nobody else is taking, in one statement: for queues and leases. Rows that somebody has locked are skipped, so that
 * claimants wait for nobody and get different rows. Each row's version counts up: whoever has read it before decides again.
 *
 * It is no way of reading. A locked row is left out although it is there, so "nothing was claimed" does not mean "nothing is to be had", and a
 * count or a sum over claimed rows says nothing about the table.
 *
 * The claim is committed with the statement, or with the executor's transaction: until then the rows are locked, and skipped by others. Rows
 * that are marked as removed (`@Removed()`) are not claimed.
 * @returns the rows as they are now, in no particular order
 * @throws RangeError when `max` is no whole number from 1; DatabaseUnavailableError, or the driver's error
 */
export async function claim<E>(executor: Executor, table: VersionedTable<E>, claimed: Claim): Promise<E[]> {
  const { params = [], max } = claimed;
  if (!Number.isSafeInteger(max) || max < 1)
    throw new RangeError(`claim: max must be a whole number from 1, not ${max}`);
  try {
    const { rows } = await executor.query(textOf(table, claimed, params.length + 1), [...params, max]);
    return (rows[0] as { claimed: Record<string, unknown>[] }).claimed.map((row) => table.revive(row));
  } catch (error) {
    throw translate(error);
  }
}

/**
 * The rows are locked in a subquery of their own, before the UPDATE looks for them. An UPDATE alone waits for a locked row, and takes it
 * although another claim has it by then: its condition is the key. As JSON, since rows of handlers are read so (numbers of a `bigint`).
 */
const textOf = (table: VersionedTable, { where, orderBy, set }: Claim, maxParam: number): string => {
  const { name, key, removed, selectList } = table;
  return `/* concurrency.claim */ WITH claimed AS (
  UPDATE ${name} SET ${set}${nextVersion(table)}
  WHERE ${key.name} = ANY(ARRAY(
    SELECT ${key.name} FROM ${name} WHERE (${where})${removed ? ` AND ${removed.name} IS NULL` : ''}
    ORDER BY ${orderBy} LIMIT $${maxParam} FOR NO KEY UPDATE SKIP LOCKED))
  RETURNING ${selectList})
SELECT coalesce(json_agg(claimed), '[]') AS claimed FROM claimed`;
};

/** A hash changes with what it is of; what `custom()` makes is not to be had in SQL. */
function nextVersion({ entity, version: { column, after } }: VersionedTable): string {
  if (column === undefined) return '';
  const next = after('');
  if (next === undefined) throw new Error(`claim: the versions of ${entity.name} are custom(), which SQL cannot make`);
  return `, ${column} = ${next}`;
}
