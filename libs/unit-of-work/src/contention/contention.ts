import { LockTimeoutError, TransactionRetryError, type VersionedTable } from '@backstep/concurrency';
import type { UnitOfWorkObserver } from '../observer.js';
import type { RowSet } from '../row-set.js';
import { lockRows, type RowSource } from '../row-source.js';
import type { UnitOfWorkLimits } from '../limits.js';
import { Decisions } from './decisions.js';
import { HotKeys, strategyOf, type HotKey } from './hot-keys.js';
import { Meter } from './meter.js';
import { hottestFirst, HOTTEST_MAX, type ContentionReport, type HotKeyReport, type WriteOutcome } from './report.js';
import { forEachTaken, marksOf, takenTables } from './taken-rows.js';

/** How an attempt takes its rows. */
export interface Taking {
  /** Rows are locked as they are read. */
  readonly lock: boolean;
  /** How long it waits for each, milliseconds. (Rows that nobody waits for say so in the statement.) */
  readonly waitMs: number;
}

const DEADLOCK = '40P01';

/**
 * Decides for each attempt of a batch whether its rows are locked as they are read, by what their entities declare (`@Contended`) and by which
 * keys have conflicted of late; and counts what becomes of the attempts.
 *
 * One row that is to be locked locks all rows of its batch: all are taken in one order, which rows locked earlier than others would break.
 */
export class Contention {
  private readonly hotKeys: HotKeys;
  private readonly meter: Meter;
  private readonly decisions = new Decisions();
  private readonly impatient: UnitOfWorkLimits;

  /** @param now milliseconds of a clock that does not go back @param time milliseconds since 1970, for what is told */
  constructor(
    private readonly now: () => number,
    private readonly time: () => number,
    private readonly limits: UnitOfWorkLimits,
    private readonly observer: UnitOfWorkObserver,
  ) {
    this.hotKeys = new HotKeys(now, (hot) => this.switched(hot), limits.hotKeys, time);
    this.meter = new Meter(now, time);
    this.impatient = { ...limits, optimisticTries: Math.min(1, limits.optimisticTries) };
  }

  /** While some key is locked, a batch without such a key that has lost once meets those who lock: it locks, too. */
  get limitsNow(): UnitOfWorkLimits {
    return this.hotKeys.anyLocked ? this.impatient : this.limits;
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

  /** Locks the rows as it reads them, and counts how long that has taken. */
  readonly lockingRows: RowSource = {
    fill: async (rowSet, ...rest) => {
      const began = this.now();
      try {
        return await lockRows.fill(rowSet, ...rest);
      } finally {
        this.waited(rowSet, this.now() - began);
      }
    },
  };

  /**
   * A batch is committed.
   * @param attempts how often it was tried @param durationMs since the first of them
   */
  committed(rowSet: RowSet, { lock }: Taking, attempts: number, durationMs: number): void {
    this.countHot(rowSet, lock, true);
    for (const { entity } of takenTables(rowSet)) {
      this.count(entity.name, lock, 'committed');
      this.observer.wrote?.({ entity: entity.name, strategy: strategyOf(lock), attempts, durationMs });
    }
  }

  /**
   * An attempt is lost to somebody else.
   * @param isStale some of its rows had changed: {@link compare} finds out which, once they are read again. Else it was lost for all of them.
   */
  lost(rowSet: RowSet, { lock }: Taking, failure: Error, isStale: boolean): void {
    this.countHot(rowSet, lock, false);
    if (isStale) return;
    const outcome = outcomeOf(failure);
    for (const { entity } of lock ? wantedTables(rowSet) : takenTables(rowSet)) this.count(entity.name, lock, outcome);
    if (!lock) forEachTaken(rowSet, (table, key) => this.hotKeys.conflicted(table, key));
  }

  /** Those rows that have another version than the lost attempt has read are those for which it was lost. */
  compare(lost: RowSet, now: RowSet): void {
    const entities = new Set<string>();
    forEachTaken(lost, (table, key, before) => {
      const found = now.trackedIn(table)?.get(key);
      if (found === undefined || found.basis === 'unread' || found.loadedVersion === before) return;
      entities.add(table.entity.name);
      // A lost race for a new row is no reason to lock: there was nothing to lock.
      if (before !== undefined && found.loadedVersion !== undefined) this.hotKeys.conflicted(table, key);
    });
    for (const entity of entities) this.count(entity, false, 'conflict');
  }

  /** A batch is given back as contended. @param rowSet of its last attempt */
  gaveUp(rowSet: RowSet): void {
    for (const { entity } of takenTables(rowSet)) this.count(entity.name, false, 'gave_up');
  }

  report(): ContentionReport {
    const [now, time] = [this.now(), this.time()];
    // First, since keys that are asked for are given up where nobody wants them any more: that is a decision, too.
    const hottest = this.hotKeys.all().map((hot) => ({
      hot,
      share: hot.locked ? null : Math.min(1, hot.lost / Math.max(1, hot.weight)),
    }));
    return {
      entities: this.meter.report(),
      hottest: hottestFirst(hottest)
        .slice(0, HOTTEST_MAX)
        .map(({ share, hot: { table, key, locked, since, sinceTime, why, series } }): HotKeyReport => ({
          ...{ entity: table.entity.name, key, strategy: strategyOf(locked), share },
          forMs: Math.round(now - since),
          since: sinceTime,
          why: why ?? null,
          series: series.until(time),
        })),
      decisions: this.decisions.until(time),
    };
  }

  private switched({ table, key, locked, sinceTime, why }: HotKey): void {
    const [entity, to] = [table.entity.name, strategyOf(locked)];
    if (why) this.decisions.add({ entity, key, at: sinceTime, from: why.previous, to, why });
    this.observer.switched?.(entity, to);
  }

  private wantsHot(table: VersionedTable, rowSet: RowSet): boolean {
    for (const [key, hot] of this.hotKeys.of(table)) {
      if (hot.locked && rowSet.trackedIn(table)?.has(key) && this.hotKeys.isLocked(hot)) return true;
    }
    return false;
  }

  /** Counts the attempt for those keys that are watched. */
  private countHot(rowSet: RowSet, locked: boolean, isCommitted: boolean): void {
    if (this.hotKeys.size === 0) return;
    for (const table of rowSet.tablesWanted) {
      for (const [key, hot] of this.hotKeys.of(table)) {
        const marks = marksOf(rowSet, table, key);
        if (marks) this.hotKeys.attempted(hot, locked, marks.before, isCommitted ? marks.after : undefined);
      }
    }
  }

  private count(entity: string, lock: boolean, outcome: WriteOutcome): void {
    this.meter.count(entity, outcome);
    this.observer.attempted?.({ entity, strategy: strategyOf(lock), outcome });
  }

  private waited(rowSet: RowSet, ms: number): void {
    for (const { entity } of wantedTables(rowSet)) {
      this.meter.waited(entity.name, ms);
      this.observer.lockWait?.(entity.name, ms);
    }
  }
}

const wantedTables = (rowSet: RowSet): VersionedTable[] => [...rowSet.tablesWanted];

function outcomeOf(failure: Error): WriteOutcome {
  if (failure instanceof LockTimeoutError) return 'lock_timeout';
  return failure instanceof TransactionRetryError && failure.sqlState === DEADLOCK ? 'deadlock' : 'conflict';
}
