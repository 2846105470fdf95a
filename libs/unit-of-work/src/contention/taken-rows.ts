import { digestOf, type VersionedTable } from '@backstep/concurrency';
import type { RowSet, TrackedRow } from '../row-set.js';

/** Whether a decision writes or holds the row: only such a row can be lost to somebody else. */
const isTaken = (rowSet: RowSet, table: VersionedTable, key: string, row: TrackedRow): boolean =>
  row.dirty || rowSet.isHeld(table, key);

/** The tables of which a batch takes a row. */
export function takenTables(rowSet: RowSet): VersionedTable[] {
  const taken: VersionedTable[] = [];
  for (const table of rowSet.tablesWanted) {
    for (const [key, row] of rowSet.trackedIn(table) ?? []) {
      if (!isTaken(rowSet, table, key, row)) continue;
      taken.push(table);
      break;
    }
  }
  return taken;
}

/** Calls `look` with each row that a batch takes, and the version that it had before; undefined: there was none. */
export function forEachTaken(
  rowSet: RowSet,
  look: (table: VersionedTable, key: string, before: number | undefined) => void,
): void {
  for (const table of rowSet.tablesWanted) {
    for (const [key, row] of rowSet.trackedIn(table) ?? []) {
      if (isTaken(rowSet, table, key, row)) look(table, key, row.loadedVersion);
    }
  }
}

/**
 * What tells whether a row is as this instance has left it: its version; or a digest of its content, where PostgreSQL makes the version in the
 * write, which this instance then does not know.
 */
export type Mark = number | string;

/** Equal to no mark of a row that is read: where it cannot be told, somebody else counts as having written it, and it stays locked for its time. */
const CANNOT_TELL: Mark = '';

/** The marks of a row that a batch takes: before the batch, and as its decisions have left it; undefined: not there. */
export function marksOf(
  rowSet: RowSet,
  table: VersionedTable,
  key: string,
): { readonly before: Mark | undefined; readonly after: Mark | undefined } | undefined {
  const row = rowSet.trackedIn(table)?.get(key);
  if (row === undefined || !isTaken(rowSet, table, key, row)) return undefined;
  const last = row.row ?? row.marked;
  if (!table.version.madeByDatabase) {
    return { before: row.loadedVersion, after: last === undefined ? undefined : table.versionOf(last) };
  }
  const after = contentOf(table, last);
  if (!row.dirty) return { before: after, after };
  const before = contentOf(table, row.read);
  // After a touch, the content does not show whether somebody else has touched the row, too.
  return { before, after: before === after ? CANNOT_TELL : after };
}

function contentOf(table: VersionedTable, row: unknown): Mark | undefined {
  if (row === undefined) return undefined;
  const { checked } = table.version;
  const values = table.columns
    .filter(({ property }) => checked?.has(property) ?? true)
    .map(({ property }) => (row as Record<string, unknown>)[property]);
  return digestOf(values.map((value) => (typeof value === 'bigint' ? String(value) : value)));
}
