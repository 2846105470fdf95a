import type { VersionedTable } from '@backstep/concurrency';

/** After a batch that was refused, so many batches read again; twice as many after the next one, until a batch was right. */
const DISTRUST_MAX = 64;
/** Rows of a table that are kept at most; of more, those that were not wanted for longest go. */
const ROWS_MAX = 4_000;

/**
 * Rows of `@Remembered()` entities as this process last left them: what a batch finds here it does not read.
 *
 * A remembered row may be stale. So whatever a batch has taken from here is checked by its write, in the same statement: a row that
 * changes has its version checked anyway, one that was only looked at is looked for with its version. A batch that is refused forgets
 * what it knew, reads, and decides again.
 */
export class RowMemory {
  private readonly tables = new Map<VersionedTable, Map<string, unknown>>();
  private distrust = 0;
  private readings = 0;

  /** Asked once a batch: whether it shall do without reading. Where memory is often wrong (requests that come twice, another instance that writes the same rows) trying costs more than it saves. */
  isTrusted(): boolean {
    if (this.readings === 0) return true;
    this.readings--;
    return false;
  }

  wasRight(): void {
    this.distrust = 0;
  }

  wasWrong(): void {
    this.distrust = Math.min(DISTRUST_MAX, Math.max(1, 2 * this.distrust));
    this.readings = this.distrust;
  }

  /** @returns the row as it would be read, but frozen: it is the memory's own. undefined when it is not known */
  recall(table: VersionedTable, key: string): unknown {
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
