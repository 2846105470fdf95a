import type { Executor, VersionedTable } from '@backstep/concurrency';
import { read } from '../read.js';
import { readRows, type Asked, type Filled, type RowSource } from '../row-source.js';
import { ABSENT, type RowSet } from '../row-set.js';
import { Absences } from './absences.js';
import { CachedRows } from './cached-rows.js';
import { Trust } from './trust.js';

/** A batch that has run: what its handlers needed, and the rows as its decisions left them. */
interface Tried {
  readonly rowSet: RowSet;
  readonly asked: readonly Asked[];
}

/**
 * What this process knows of its rows without a read: the rows that it wrote last (`@Remembered()` entities), and which rows are probably
 * absent, because the last ones of the same need were.
 *
 * Memory may be wrong. So the statement that writes also checks whatever the batch has taken from memory: the version of a changed row, the
 * primary key of a new one, and by a guard each row that was looked at and not changed. A batch that is refused forgets these rows, reads,
 * and decides again. See docs/decisions/0010-rows-are-remembered-and-checked.md.
 */
export class Memory {
  private readonly rows = new CachedRows();
  private readonly absences = new Absences();
  private readonly trust = new Trust();
  private readonly source: RowSource = {
    fill: (rowSet, asked, keys, executor) => this.fill(rowSet, asked, keys, executor),
  };

  /** Where the next batch gets its rows: from memory as far as they are known, or all from the database. Call once a batch. */
  rowSource(): RowSource {
    return this.trust.isGiven() ? this.source : readRows;
  }

  /**
   * After the commit: keeps the rows as this batch left them, for the next one.
   * @param at the time of the commit, where a row that is kept was written with `now`
   */
  committed({ rowSet, asked }: Tried, at: Date | undefined): void {
    if (rowSet.assumes) this.trust.wasRight();
    rowSet.forEach((table, key, row) => {
      if (!table.remembered) return;
      if (row === undefined) this.rows.forget(table, key);
      else this.rows.keep(table, key, row, at);
    });
    for (const { by, message, needs } of asked) {
      if (by === undefined) continue;
      for (const name of Object.keys(needs)) {
        const need = needs[name];
        if (need) rowSet.forEachOf(need, (wasThere) => this.absences.note(by, message, name, wasThere));
      }
    }
  }

  /** After a failure: forgets the rows of this batch, since a stale one may be the reason. */
  failed({ rowSet }: Tried): void {
    rowSet.forEach((table, key) => this.rows.forget(table, key));
  }

  /** A batch failed whose decisions relied on memory. */
  wasWrong(): void {
    this.trust.wasWrong();
  }

  private async fill(
    rowSet: RowSet,
    asked: readonly Asked[],
    keys: readonly string[],
    executor: Executor,
  ): Promise<Filled> {
    for (const { by, message, needs } of asked) {
      if (by === undefined) continue;
      for (const name of Object.keys(needs)) {
        const need = needs[name];
        if (need) rowSet.assume(need, this.absences.isLikely(by, message, name) ? this.knownOrAbsent : this.known);
      }
    }
    if (rowSet.assumes && rowSet.wanted().length === 0) return { held: new Set(), unasked: keys };
    return { held: await read(executor, rowSet, keys, false), unasked: [] };
  }

  private readonly known = (table: VersionedTable, key: string): unknown =>
    table.remembered ? this.rows.find(table, key) : undefined;

  private readonly knownOrAbsent = (table: VersionedTable, key: string): unknown => this.known(table, key) ?? ABSENT;
}
