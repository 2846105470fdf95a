import { ROWS_NAMED_MAX, RowsMismatchError, type VersionedTable } from '@backstep/concurrency';
import type { RowSet } from './row-set.js';

/** A part of the write that has failed is named with its rows, so that a log says what was lost. Costs a batch that succeeds nothing. */
export function withItsRows(failure: Error, rowSet: RowSet): Error {
  if (!(failure instanceof RowsMismatchError)) return failure;
  const { part, cause } = failure;
  for (const table of rowSet.tablesWanted) {
    const all = keysOfPart(part, table, rowSet);
    if (all === undefined) continue;
    const rows = { entity: table.entity.name, keys: all.slice(0, ROWS_NAMED_MAX), count: all.length };
    return new RowsMismatchError(part, { cause, rows });
  }
  return failure;
}

/** undefined: the part is not one of this table's. */
function keysOfPart(part: string, table: VersionedTable, rowSet: RowSet): readonly string[] | undefined {
  const { inserts, updates, held, unchanged, absent } = rowSet.changesIn(table);
  const { writes, guards } = table;
  const keys = (rows: readonly { readonly key: string }[]): string[] => rows.map(({ key }) => key);
  const byPart: Readonly<Record<string, readonly string[]>> = {
    [writes.insert.name]: inserts.map((row) => table.keyOf(row)),
    [writes.update.name]: keys(updates),
    [guards.lock.name]: keys([...updates, ...held]).sort(),
    [guards.held.name]: keys(held),
    [guards.unchanged.name]: keys(unchanged),
    [guards.absent.name]: absent,
  };
  return byPart[part];
}
