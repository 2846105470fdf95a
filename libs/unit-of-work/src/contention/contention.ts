import type { VersionedTable } from '@backstep/concurrency';
import type { RowSet } from '../row-set.js';
import { HotKeys, type HotKey, type HotKeyLimits } from './hot-keys.js';

/** How an attempt takes its rows. */
export interface Taking {
  /** Rows are locked as they are read. */
  readonly lock: boolean;
  /** How long it waits for each, milliseconds. (Rows that nobody waits for say so in the statement.) */
  readonly waitMs: number;
}

export interface ContentionLimits {
  /** How long a row is waited for whose entity says nothing, milliseconds. */
  readonly lockTimeoutMs: number;
  readonly hotKeys: HotKeyLimits;
}

/** A key that conflicts. */
export interface HotKeyReport {
  /** The name of the class. */
  readonly entity: string;
  readonly key: string;
  readonly strategy: 'optimistic' | 'locked';
  /** For how long it has been taken so, milliseconds. */
  readonly forMs: number;
  /** The share of its attempts that is lost; null while it is locked. */
  readonly share: number | null;
}

/** Keys of a report. */
const HOTTEST_MAX = 10;

/**
 * Decides for each attempt of a batch whether its rows are locked as they are read, by what their entities declare (`@Contended`) and by which
 * keys have conflicted of late.
 *
 * One row that is to be locked locks all rows of its batch: all are taken in one order, which rows locked earlier than others would break.
 */
export class Contention {
  private readonly hotKeys: HotKeys;

  /**
   * @param now milliseconds of a clock that does not go back
   * @param switched hears which keys are locked from now on, and which no longer
   */
  constructor(
    private readonly now: () => number,
    private readonly limits: ContentionLimits,
    switched: (entity: string, to: HotKeyReport['strategy']) => void,
  ) {
    const tell = ({ table, locked }: HotKey): void => switched(table.entity.name, locked ? 'locked' : 'optimistic');
    this.hotKeys = new HotKeys(now, tell, limits.hotKeys);
  }

  /** @param lock whether the rows are to be locked anyway */
  takingOf(rowSet: RowSet, lock: boolean): Taking {
    let waitMs = this.limits.lockTimeoutMs;
    for (const table of rowSet.tablesWanted) {
      const { strategy } = table;
      if (strategy.kind === 'locked') {
        lock = true;
        if (strategy.wait > 0) waitMs = Math.min(waitMs, strategy.wait);
      } else if (strategy.kind === 'adaptive' && !lock) {
        lock = this.wantsHot(table, rowSet);
      }
    }
    return { lock, waitMs };
  }

  /** An attempt is committed. */
  committed(rowSet: RowSet, { lock }: Taking): void {
    this.count(rowSet, lock, true);
  }

  /**
   * An attempt is lost to somebody else.
   * @param all whether it is not known for which of its rows. Else {@link compare} finds out, once the rows are read again.
   */
  lost(rowSet: RowSet, { lock }: Taking, all: boolean): void {
    this.count(rowSet, lock, false);
    if (all && !lock) rowSet.forEachTaken((table, key) => this.hotKeys.conflicted(table, key));
  }

  /** Those rows that have another version than the lost attempt has read are those for which it was lost. */
  compare(lost: RowSet, now: RowSet): void {
    lost.forEachTaken((table, key, { before }) => {
      const found = now.versionRead(table, key);
      if (before !== undefined && found !== undefined && found !== before) this.hotKeys.conflicted(table, key);
    });
  }

  /** The keys that conflict most, those that are locked first. */
  hottest(): HotKeyReport[] {
    const now = this.now();
    return this.hotKeys
      .all()
      .map(({ table, key, locked, since, weight, lost }) => ({
        entity: table.entity.name,
        key,
        strategy: locked ? ('locked' as const) : ('optimistic' as const),
        forMs: Math.round(now - since),
        share: locked ? null : lost / Math.max(1, weight),
      }))
      .sort((a, b) => (b.share ?? 2) - (a.share ?? 2))
      .slice(0, HOTTEST_MAX);
  }

  private wantsHot(table: VersionedTable, rowSet: RowSet): boolean {
    for (const [key, hot] of this.hotKeys.of(table)) {
      if (hot.locked && rowSet.wants(table, key) && this.hotKeys.isLocked(hot)) return true;
    }
    return false;
  }

  /** Counts the attempt for those keys that are watched. */
  private count(rowSet: RowSet, locked: boolean, isCommitted: boolean): void {
    if (this.hotKeys.size === 0) return;
    for (const table of rowSet.tablesWanted) {
      for (const [key, hot] of this.hotKeys.of(table)) {
        const taken = rowSet.taken(table, key);
        if (taken) this.hotKeys.attempted(hot, locked, taken.before, isCommitted ? taken.after : undefined);
      }
    }
  }
}
