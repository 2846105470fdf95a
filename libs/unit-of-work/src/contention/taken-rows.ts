import type { VersionedTable } from '@backstep/concurrency';
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

/** The versions of a row that a batch takes: before the batch, and as its decisions have left it; undefined: not there. */
export function versionsOf(
  rowSet: RowSet,
  table: VersionedTable,
  key: string,
): { readonly before: number | undefined; readonly after: number | undefined } | undefined {
  const row = rowSet.trackedIn(table)?.get(key);
  if (row === undefined || !isTaken(rowSet, table, key, row)) return undefined;
  const last = row.row ?? row.marked;
  return { before: row.loadedVersion, after: last === undefined ? undefined : table.versionOf(last) };
}
