import type { StatementPart } from '@backstep/concurrency';
import type { Lease } from './lease.js';
import { columnsOf, HELD_BY, RETAKEN } from './statements.js';

const LEASES = `unnest($1::text[], $2::uuid[], $3::bigint[]) WITH ORDINALITY AS x(name, holder, epoch, place)`;

const FENCE = {
  name: 'lock_fence',
  sql: `SELECT 1 FROM named_lock AS t, ${LEASES} WHERE ${HELD_BY} ORDER BY x.place FOR SHARE OF t`,
};

/** The same, where the statement changes some of these rows afterwards: two share locks that are to become two writes are a deadlock. */
const FENCE_TO_CHANGE = { name: 'lock_fence', sql: FENCE.sql.replace('FOR SHARE', 'FOR NO KEY UPDATE') };

const CHANGE = {
  name: 'lock_change',
  sql:
    `UPDATE named_lock AS t SET holder = x.next, epoch = CASE WHEN x.next = t.holder THEN t.epoch ELSE nextval('named_lock_epoch') END, ` +
    `until = CASE WHEN x.lease_ms IS NULL THEN '-infinity' ELSE statement_timestamp() + x.lease_ms * interval '1 millisecond' END, ` +
    `changed_at = statement_timestamp() ` +
    `FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::uuid[], $5::float8[]) AS x(name, holder, epoch, next, lease_ms) WHERE ${HELD_BY}`,
};

/** A name that is there and not held is locked only if nobody else has it locked: a batch waits for no name that is there. */
const TAKE = {
  name: 'lock_take',
  sql:
    `WITH free AS MATERIALIZED (SELECT name FROM named_lock WHERE name = ANY($1::text[]) AND until <= statement_timestamp() FOR NO KEY UPDATE SKIP LOCKED) ` +
    `INSERT INTO named_lock AS t (name, holder, epoch, until, changed_at) ` +
    `SELECT x.name, x.holder, nextval('named_lock_epoch'), statement_timestamp() + x.lease_ms * interval '1 millisecond', statement_timestamp() ` +
    `FROM unnest($1::text[], $2::uuid[], $3::float8[]) WITH ORDINALITY AS x(name, holder, lease_ms, place) ` +
    `WHERE NOT EXISTS (SELECT FROM named_lock AS h WHERE h.name = x.name) OR x.name IN (SELECT name FROM free) ORDER BY x.place ` +
    `ON CONFLICT (name) DO UPDATE SET ${RETAKEN} WHERE t.until <= statement_timestamp()`,
};

/**
 * A guard for a write under locks: each must still be held, and nobody can take it before this is committed. It fails with RowsMismatchError,
 * and is part of the write itself: a look before the write would be out of date at once.
 */
export const fencePart = (leases: readonly Lease[]): StatementPart => ({
  ...FENCE,
  params: columnsOf(leases),
  rows: leases.length,
});

/** A lease that the write must find held, and what becomes of it. */
export interface ChangedLease extends Lease {
  readonly next: string;
  /** undefined: it is released. */
  readonly leaseMs: number | undefined;
}

export interface TakenName {
  readonly name: string;
  readonly holder: string;
  readonly leaseMs: number;
}

/** All rows that are there, in one order; then those that change; then new ones. Each list must be sorted by name. */
export function lockParts(
  fenced: readonly Lease[],
  changed: readonly ChangedLease[],
  taken: readonly TakenName[],
): StatementPart[] {
  const parts: StatementPart[] = [];
  if (fenced.length > 0) {
    const all = [...fenced, ...changed];
    const { name, sql } = changed.length > 0 ? FENCE_TO_CHANGE : FENCE;
    parts.push({ name, sql, params: columnsOf(all), rows: all.length });
  }
  if (changed.length > 0) {
    const leases = [changed.map(({ next }) => next), changed.map(({ leaseMs }) => leaseMs ?? null)];
    parts.push({ ...CHANGE, params: [...columnsOf(changed), ...leases], rows: changed.length });
  }
  if (taken.length > 0) {
    const params = [
      taken.map(({ name }) => name),
      taken.map(({ holder }) => holder),
      taken.map(({ leaseMs }) => leaseMs),
    ];
    parts.push({ ...TAKE, params, rows: taken.length });
  }
  return parts;
}
