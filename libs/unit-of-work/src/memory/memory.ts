import type { Executor, VersionedTable } from '@backstep/concurrency';
import { read } from '../read.js';
import { readRows, type Asked, type Filled, type RowSource } from '../row-source.js';
import { ABSENT, type RowSet } from '../row-set.js';
import { Absences } from './absences.js';
import { CachedRows } from './cached-rows.js';
import { Trust } from './trust.js';

/** A batch that was tried: what it asked for, and what it left. */
interface Tried {
  readonly rowSet: RowSet;
  readonly asked: readonly Asked[];
}

/**
 * What this process knows of its rows without reading: those that it wrote last (`@Remembered()` entities), and which rows, most likely, are not
 * there yet, because the last ones of their kind were not.
 *
 * It may be wrong. So whatever a batch has taken from here is checked by its write, in the same statement: a row that changes has its version
 * checked anyway, a new one meets its primary key, and one that was only looked at is looked for. A batch that is refused forgets what it
 * knew, reads, and decides again. See docs/decisions/0010-rows-are-remembered-and-checked.md.
 */
export class Memory {
  private readonly rows = new CachedRows();
  private readonly absences = new Absences();
  private readonly trust = new Trust();
  private readonly source: RowSource = {
    fill: (rowSet, asked, keys, executor) => this.fill(rowSet, asked, keys, executor),
  };

  /** Where the next batch gets its rows: from here as far as they are known, or all from the database. Asked once a batch. */
  rowSource(): RowSource {
    return this.trust.isGiven() ? this.source : readRows;
  }

  /** After the commit: what this batch has left is what the next one finds. */
  committed({ rowSet, asked }: Tried): void {
    if (rowSet.assumes) this.trust.wasRight();
    rowSet.forEach((table, key, row) => {
      if (!table.remembered) return;
      if (row === undefined) this.rows.forget(table, key);
      else this.rows.keep(table, key, row);
    });
    for (const { by, message, needs } of asked) {
      if (by === undefined) continue;
      for (const name of Object.keys(needs)) {
        const need = needs[name];
        if (need) rowSet.forEachOf(need, (wasThere) => this.absences.note(by, message, name, wasThere));
      }
    }
  }

  /** After a failure: what is known of these rows may be the reason. */
  failed({ rowSet }: Tried): void {
    rowSet.forEach((table, key) => this.rows.forget(table, key));
  }

  /** A batch has failed that assumed something. */
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
