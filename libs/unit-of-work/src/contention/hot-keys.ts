import type { VersionedTable } from '@backstep/concurrency';
import type { DecisionReason } from './decisions.js';
import type { TakenBy } from './report.js';
import { Series } from './series.js';
import type { Mark } from './taken-rows.js';

/** How keys are watched. */
export interface HotKeyLimits {
  /** Keys that are kept. When there are more, the half that conflicted less is dropped. */
  readonly keysMax: number;
  /** An attempt counts half after this time, milliseconds. */
  readonly halfLifeMs: number;
  /** Attempts before anything is decided about a key. */
  readonly attemptsMin: number;
  /** Standard errors by which a share must exceed `enter`: without them, chance would lock keys of which few attempts are known. */
  readonly sure: number;
  /** How long a key is locked, milliseconds. After that it is tried without locks. */
  readonly holdMs: number;
  /** Each time a key conflicts again when it is tried, it is locked twice as long, up to this. */
  readonly holdMaxMs: number;
  /** A key that nobody wants for so long is forgotten, milliseconds. */
  readonly idleMs: number;
}

/** 1,000 keys; locked for 5 s at first, 64 s at most; at least 20 attempts, of which those of 2 s ago count half. */
export const DEFAULT_HOT_KEY_LIMITS: HotKeyLimits = {
  keysMax: 1_000,
  halfLifeMs: 2_000,
  attemptsMin: 20,
  sure: 1.64,
  holdMs: 5_000,
  holdMaxMs: 64_000,
  idleMs: 10_000,
};

/** What is known of a key that has conflicted. */
export interface HotKey {
  readonly table: VersionedTable;
  readonly key: string;
  /** Whether a batch that wants it locks its rows. */
  locked: boolean;
  /** Since when it is so; `sinceTime`: by the clock on the wall. */
  since: number;
  sinceTime: number;
  /** Why it is so; undefined: it has never been taken otherwise. */
  why: DecisionReason | undefined;
  /** Its attempts of the last minute. */
  readonly series: Series;
  lockedUntil: number;
  /** How long it is locked the next time. */
  holdMs: number;
  /** Attempts since `since`, undiscounted. */
  attempts: number;
  /** Attempts, and those of them that lost (under locks: that found the row written by somebody else), as of `at`. */
  weight: number;
  lost: number;
  at: number;
  wantedAt: number;
  /** Of the row as this instance has left it. */
  left: Mark | undefined;
}

type Kept = ReadonlyMap<string, HotKey>;
const NONE: Kept = new Map();

type Because = Omit<DecisionReason, 'previous'>;

/**
 * The keys whose rows this instance has lost to others, each with the share of its attempts that were lost, and which of them are locked as they
 * are read. A key that never conflicts is not in it, and costs nothing.
 *
 * A key is locked for {@link HotKeyLimits.holdMs}, then tried without locks. While it is locked no attempt is lost; but a row that nobody
 * else has written since this instance's last write could not have been, so a key that others have left alone is let go before that.
 */
export class HotKeys {
  private readonly tables = new Map<VersionedTable, Map<string, HotKey>>();
  private count = 0;
  private lockedCount = 0;

  /**
   * @param now milliseconds of a clock that does not go back
   * @param switched hears of each change of strategy
   * @param time milliseconds since 1970, for what is told to people and to other instances; nothing is decided by it
   */
  constructor(
    private readonly now: () => number,
    private readonly switched: (hot: HotKey) => void = () => undefined,
    private readonly limits: HotKeyLimits = DEFAULT_HOT_KEY_LIMITS,
    private readonly time: () => number = Date.now,
  ) {}

  get size(): number {
    return this.count;
  }

  /** Whether some key is locked. */
  get anyLocked(): boolean {
    return this.lockedCount > 0;
  }

  /** Those that are kept, by key. */
  of(table: VersionedTable): Kept {
    return this.tables.get(table) ?? NONE;
  }

  /** Whether a batch that wants this key locks its rows. Asked of a key whose time is over, it ends the lock. */
  isLocked(hot: HotKey): boolean {
    if (hot.locked && this.now() >= hot.lockedUntil) this.become(hot, false, timeOver(hot, this.now()));
    return hot.locked;
  }

  /**
   * An attempt that was to write the row.
   * @param locked whether the row was locked as it was read @param found of the row as it was read
   * @param left of the row as it is now; undefined: the attempt was lost
   */
  attempted(hot: HotKey, locked: boolean, found: Mark | undefined, left: Mark | undefined): void {
    const moved = hot.left !== undefined && found !== hot.left;
    hot.left = left;
    hot.wantedAt = this.now();
    hot.series.add(this.time(), 1, 0, locked ? 1 : 0);
    // One with locks says nothing about a key that is tried without them.
    if (locked !== hot.locked) return;
    this.add(hot, 1, locked && moved ? 1 : 0);
    this.decide(hot);
  }

  /** An attempt was lost for this key: {@link attempted} has counted it, or will, if the key is kept already. */
  conflicted(table: VersionedTable, key: string): void {
    const known = this.tables.get(table)?.get(key);
    if (known === undefined) return this.keep(table, key);
    known.series.add(this.time(), 0, 1);
    if (known.locked) return;
    this.add(known, 0, 1);
    this.decide(known);
  }

  /** All that are kept, without those that nobody has wanted for a while. */
  all(): HotKey[] {
    const all = [...this.tables.values()].flatMap((keys) => [...keys.values()]);
    for (const hot of all) {
      const idleMs = this.now() - hot.wantedAt;
      if (idleMs > this.limits.idleMs) this.forget(hot, whole('unwanted', idleMs, this.limits.idleMs));
      else this.isLocked(hot);
    }
    return all.filter(({ table, key }) => this.tables.get(table)?.has(key));
  }

  private keep(table: VersionedTable, key: string): void {
    if (this.count >= this.limits.keysMax) this.dropHalf();
    const now = this.now();
    let keys = this.tables.get(table);
    if (!keys) this.tables.set(table, (keys = new Map()));
    const hot: HotKey = {
      table,
      key,
      locked: false,
      since: now,
      sinceTime: this.time(),
      why: undefined,
      series: new Series(),
      lockedUntil: 0,
      holdMs: this.limits.holdMs,
      attempts: 1,
      weight: 1,
      lost: 1,
      at: now,
      wantedAt: now,
      left: undefined,
    };
    hot.series.add(hot.sinceTime, 1, 1);
    keys.set(key, hot);
    this.count++;
    this.decide(hot);
  }

  private add(hot: HotKey, attempts: number, lost: number): void {
    const now = this.now();
    const left = 2 ** ((hot.at - now) / this.limits.halfLifeMs);
    hot.at = now;
    hot.attempts += attempts;
    hot.weight = hot.weight * left + attempts;
    hot.lost = hot.lost * left + lost;
  }

  private decide(hot: HotKey): void {
    const { strategy } = hot.table;
    if (hot.attempts < this.limits.attemptsMin || strategy.kind !== 'adaptive') return;
    const share = Math.min(1, hot.lost / hot.weight);
    const of = { measured: share, attempts: hot.attempts };
    if (share < strategy.leave) this.forget(hot, { rule: 'calm', threshold: strategy.leave, ...of });
    else if (!hot.locked && share - this.errorOf(share, hot.weight) >= strategy.enter)
      this.become(hot, true, { rule: 'conflicts', threshold: strategy.enter, ...of });
  }

  /** By how much chance may have made the share of so many attempts too large. */
  private errorOf(share: number, weight: number): number {
    return this.limits.sure * Math.sqrt((share * (1 - share)) / weight);
  }

  private become(hot: HotKey, locked: boolean, because: Because): void {
    const now = this.now();
    hot.why = { ...because, previous: strategyOf(hot.locked) };
    hot.locked = locked;
    this.lockedCount += locked ? 1 : -1;
    hot.since = now;
    hot.sinceTime = this.time();
    hot.attempts = hot.weight = hot.lost = 0;
    if (locked) {
      hot.lockedUntil = now + hot.holdMs;
      hot.holdMs = Math.min(this.limits.holdMaxMs, 2 * hot.holdMs);
    }
    this.switched(hot);
  }

  private forget(hot: HotKey, because: Because): void {
    const keys = this.tables.get(hot.table);
    if (!keys?.delete(hot.key)) return;
    if (keys.size === 0) this.tables.delete(hot.table);
    this.count--;
    if (hot.locked) this.become(hot, false, because);
  }

  /** Half at a time: each key is looked at a few times in its life, however many come. */
  private dropHalf(): void {
    const now = this.now();
    const interest = (hot: HotKey): number =>
      (hot.locked ? 1e9 : 0) + hot.lost * 2 ** ((hot.at - now) / this.limits.halfLifeMs);
    const kept = this.all().sort((a, b) => interest(a) - interest(b));
    const tooMany = kept.length - Math.floor(this.limits.keysMax / 2);
    const because = whole('crowded_out', kept.length, this.limits.keysMax);
    for (const hot of kept.slice(0, Math.max(0, tooMany))) this.forget(hot, because);
  }
}

export const strategyOf = (locked: boolean): TakenBy => (locked ? 'locked' : 'optimistic');

const whole = (rule: DecisionReason['rule'], measured: number, threshold: number): Because => ({
  rule,
  measured: Math.round(measured),
  threshold,
  attempts: null,
});

const timeOver = ({ since, lockedUntil }: HotKey, now: number): Because =>
  whole('time_over', now - since, lockedUntil - since);
