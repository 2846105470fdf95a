import { RowsMismatchError, translate, type Executor } from '@backstep/concurrency';
import type { Lease } from './lease.js';

/**
 * The statements of named locks, with the database's clock alone. Each locks rows by name, and so in the order of all others; none waits for a row
 * that is there: what somebody has locked this moment is not free.
 */

/** What is written when a name is taken that was there. The epoch is drawn while the row is locked. */
export const RETAKEN = `holder = excluded.holder, epoch = nextval('named_lock_epoch'), until = excluded.until, changed_at = excluded.changed_at`;
const IN_MS = (param: string): string => `statement_timestamp() + ${param}::float8 * interval '1 millisecond'`;

/** All names or none. Where one is not free nothing is written, and the answer says who is in the way. */
const TAKE = `/* locks.take */ WITH wanted AS (
  SELECT name, place FROM unnest($1::text[]) WITH ORDINALITY AS x(name, place)
), others AS MATERIALIZED (
  SELECT name, until FROM named_lock WHERE name = ANY($1::text[]) AND until > statement_timestamp()
), free AS MATERIALIZED (
  SELECT t.name FROM wanted AS x JOIN named_lock AS t ON t.name = ANY(ARRAY[x.name])
  WHERE NOT EXISTS (SELECT FROM others) ORDER BY x.place FOR NO KEY UPDATE OF t SKIP LOCKED
), taken AS (
  INSERT INTO named_lock AS t (name, holder, epoch, until, changed_at)
  SELECT x.name, $2::uuid, nextval('named_lock_epoch'), ${IN_MS('$3')}, statement_timestamp() FROM wanted AS x
  WHERE NOT EXISTS (SELECT FROM others)
    AND (SELECT count(*) FROM free) = (SELECT count(*) FROM named_lock WHERE name = ANY($1::text[]))
  ORDER BY x.place
  ON CONFLICT (name) DO UPDATE SET ${RETAKEN} WHERE t.until <= statement_timestamp()
  RETURNING t.name, t.epoch
)
SELECT (SELECT json_agg(json_build_object('name', name, 'epoch', epoch)) FROM taken) AS taken,
  (SELECT json_agg(name) FROM others) AS others,
  (SELECT max(extract(epoch FROM until - statement_timestamp()) * 1000)::float8 FROM others) AS "busyMs",
  CASE WHEN (SELECT count(*) FROM taken) = 0 THEN true
    ELSE backstep_assert_rows('locks', (SELECT count(*) FROM taken), $4) END AS whole`;

/** Each name by itself, those that are free, at most $4 of them. */
const CLAIM = `/* locks.claim */ WITH wanted AS (
  SELECT name, holder, place FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY AS x(name, holder, place)
), there AS MATERIALIZED (
  SELECT name FROM named_lock WHERE name = ANY($1::text[])
), free AS MATERIALIZED (
  SELECT t.name FROM wanted AS x JOIN named_lock AS t ON t.name = ANY(ARRAY[x.name])
  WHERE t.until <= statement_timestamp() ORDER BY x.place LIMIT $4 FOR NO KEY UPDATE OF t SKIP LOCKED
)
INSERT INTO named_lock AS t (name, holder, epoch, until, changed_at)
SELECT x.name, x.holder, nextval('named_lock_epoch'), ${IN_MS('$3')}, statement_timestamp() FROM wanted AS x
WHERE x.name NOT IN (SELECT name FROM there) OR x.name IN (SELECT name FROM free)
ORDER BY x.place LIMIT $4
ON CONFLICT (name) DO UPDATE SET ${RETAKEN} WHERE t.until <= statement_timestamp()
RETURNING t.name, t.holder, t.epoch::float8 AS epoch`;

/** The rows of these acquisitions, where they still hold. Joined by the key alone, row by row, in the order given (decision 0036). */
export const HELD_BY = `t.name = ANY(ARRAY[x.name]) AND t.holder = ANY(ARRAY[x.holder]) AND (x.epoch IS NULL OR t.epoch = x.epoch) AND t.until > '-infinity'`;
const LEASES = `unnest($1::text[], $2::uuid[], $3::bigint[]) AS x(name, holder, epoch)`;

const EXTEND = `/* locks.extend */ UPDATE named_lock AS t SET until = ${IN_MS('$4')}, changed_at = statement_timestamp()
FROM ${LEASES} WHERE ${HELD_BY} RETURNING t.name`;

const RELEASE = `/* locks.release */ UPDATE named_lock AS t SET until = '-infinity', changed_at = statement_timestamp()
FROM ${LEASES} WHERE ${HELD_BY} RETURNING t.name`;

/** What is locked this moment is in use. */
const PURGE = `/* locks.purge */ DELETE FROM named_lock WHERE name = ANY (ARRAY(
  SELECT name FROM named_lock WHERE greatest(until, changed_at) < statement_timestamp() - $1::float8 * interval '1 millisecond'
  LIMIT $2 FOR UPDATE SKIP LOCKED)) RETURNING 1`;

/** What a take has found. */
export type Taken =
  | { readonly leases: readonly Lease[] }
  /** `busyMs`: for how long others hold these names; 0 when it is not known. */
  | { readonly others: readonly string[]; readonly busyMs: number };

interface TakeRow {
  readonly taken: readonly { readonly name: string; readonly epoch: number }[] | null;
  readonly others: readonly string[] | null;
  readonly busyMs: number | null;
}

/** @param names sorted. @throws DatabaseUnavailableError, or the driver's error */
export async function take(
  executor: Executor,
  names: readonly string[],
  holder: string,
  leaseMs: number,
): Promise<Taken> {
  try {
    const [row] = await run<TakeRow>(executor, TAKE, [names, holder, leaseMs, names.length]);
    if (row?.taken) return { leases: row.taken.map(({ name, epoch }) => ({ name, holder, epoch })) };
    return { others: row?.others ?? names, busyMs: row?.busyMs ?? 0 };
  } catch (error) {
    // Another has taken one of them since this statement began.
    if (error instanceof RowsMismatchError) return { others: names, busyMs: 0 };
    throw error;
  }
}

/** @param wanted sorted by name. @throws DatabaseUnavailableError, or the driver's error */
export function claim(
  executor: Executor,
  wanted: readonly { readonly name: string; readonly holder: string }[],
  leaseMs: number,
  max: number,
): Promise<Lease[]> {
  return run<Lease>(executor, CLAIM, [
    wanted.map(({ name }) => name),
    wanted.map(({ holder }) => holder),
    leaseMs,
    max,
  ]);
}

/** @returns the names that are still held, and now for `leaseMs`. @throws DatabaseUnavailableError, or the driver's error */
export const extend = (executor: Executor, leases: readonly Lease[], leaseMs: number): Promise<string[]> =>
  namesOf(executor, EXTEND, [...columnsOf(leases), leaseMs]);

/** @returns the names that were still held. @throws DatabaseUnavailableError, or the driver's error */
export const release = (executor: Executor, leases: readonly Lease[]): Promise<string[]> =>
  namesOf(executor, RELEASE, columnsOf(leases));

/** Deletes rows of names that nobody has held for `keepMs`. @returns how many, at most `chunk`. @throws as the others */
export const purge = async (executor: Executor, keepMs: number, chunk: number): Promise<number> =>
  (await run(executor, PURGE, [keepMs, chunk])).length;

/** The leases column by column, by name. */
export function columnsOf(leases: readonly Lease[]): [string[], string[], (number | null)[]] {
  const sorted = [...leases].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [sorted.map(({ name }) => name), sorted.map(({ holder }) => holder), sorted.map(({ epoch }) => epoch ?? null)];
}

const namesOf = async (executor: Executor, text: string, values: unknown[]): Promise<string[]> =>
  (await run<{ name: string }>(executor, text, values)).map(({ name }) => name);

async function run<Row>(executor: Executor, text: string, values: unknown[]): Promise<Row[]> {
  try {
    return (await executor.query(text, values)).rows as Row[];
  } catch (error) {
    throw translate(error);
  }
}
