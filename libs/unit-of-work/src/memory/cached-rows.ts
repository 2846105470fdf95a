import type { VersionedTable } from '@backstep/concurrency';

/** Rows of a table that are kept at most; of more, those that were not wanted for longest go. */
const ROWS_MAX = 4_000;

/** Rows of `@Remembered()` entities as this process last left them. */
export class CachedRows {
  private readonly tables = new Map<VersionedTable, Map<string, unknown>>();

  /** @returns the row as it would be read, but frozen: it is the cache's own. undefined when it is not known */
  find(table: VersionedTable, key: string): unknown {
    const rows = this.tables.get(table);
    const row = rows?.get(key);
    if (rows === undefined || row === undefined) return undefined;
    rows.delete(key);
    rows.set(key, row);
    return row;
  }

  keep(table: VersionedTable, key: string, row: unknown): void {
    let rows = this.tables.get(table);
    if (!rows) this.tables.set(table, (rows = new Map()));
    rows.delete(key);
    rows.set(key, table.asStored(row));
    if (rows.size <= ROWS_MAX) return;
    for (const oldest of rows.keys()) {
      rows.delete(oldest);
      break;
    }
  }

  forget(table: VersionedTable, key: string): void {
    this.tables.get(table)?.delete(key);
  }
}
