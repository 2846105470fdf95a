import type { VersionedTable } from '@backstep/concurrency';

/** Rows of one table that are kept. Beyond it the least recently used ones are dropped. */
const ROWS_MAX = 4_000;

/** Rows of `@Remembered()` entities as this process last wrote them (a cache, least recently used first). */
export class CachedRows {
  private readonly tables = new Map<VersionedTable, Map<string, unknown>>();

  /** @returns the row as a read would give it, and frozen, since the cache keeps the same object; undefined when it is not cached */
  find(table: VersionedTable, key: string): unknown {
    const rows = this.tables.get(table);
    const row = rows?.get(key);
    if (rows === undefined || row === undefined) return undefined;
    rows.delete(key);
    rows.set(key, row);
    return row;
  }

  keep(table: VersionedTable, key: string, row: unknown, at?: Date): void {
    let rows = this.tables.get(table);
    if (!rows) this.tables.set(table, (rows = new Map()));
    rows.delete(key);
    rows.set(key, table.asStored(row, at));
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
