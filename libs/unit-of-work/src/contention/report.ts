import { DECISIONS_MAX, type DecisionReason, type KeyDecision } from './decisions.js';
import { addWaits, type LockWaits } from './lock-waits.js';
import { sumOfSeries, type Slot } from './series.js';

/** What became of an attempt to write rows of an entity. */
export type WriteOutcome = 'committed' | 'conflict' | 'deadlock' | 'lock_timeout' | 'gave_up';

/** How the rows of an attempt were taken. */
export type TakenBy = 'optimistic' | 'locked';

/** A key that conflicts. */
export interface HotKeyReport {
  /** The name of the class. */
  readonly entity: string;
  readonly key: string;
  readonly strategy: TakenBy;
  /** For how long it has been taken so, milliseconds. */
  readonly forMs: number;
  /** The same as a time, milliseconds since 1970. */
  readonly since: number;
  /** null: it has never been taken otherwise. */
  readonly why: DecisionReason | null;
  /** The share of its attempts that is lost; null while it is locked. */
  readonly share: number | null;
  /** Its attempts of the last minute. Under locks none is lost. */
  readonly series: readonly Slot[];
}

/** Attempts of a window of time. */
export interface Counted {
  readonly attempts: number;
  readonly conflicts: number;
  readonly deadlocks: number;
  readonly lockTimeouts: number;
  readonly gaveUp: number;
  /** How long attempts with locks have waited to read their rows, milliseconds, all of them together. */
  readonly lockWaitMs: number;
}

/** The writes of one entity. */
export interface EntityContention {
  /** The name of the class. */
  readonly entity: string;
  /** Of the last 60 seconds. */
  readonly minute: Counted;
  /** Of the last 5 seconds. */
  readonly burst: Counted;
  /** The minute, slot by slot. */
  readonly series: readonly Slot[];
  /** How long its reads with locks took in the minute; empty: there was none. */
  readonly lockWaits: LockWaits;
}

/** How much this instance's writes have lost to others of late. Bounded: entities are classes, ten keys are named, and the last fifty decisions. */
export interface ContentionReport {
  readonly entities: readonly EntityContention[];
  /** The keys that conflict most, those that are locked first. */
  readonly hottest: readonly HotKeyReport[];
  /** Of the last hour, the oldest first. */
  readonly decisions: readonly KeyDecision[];
}

/** `idle`: too few attempts to say anything. */
export type ContentionStatus = 'idle' | 'normal' | 'elevated' | 'high';

/** `burst`: four times as much in the last 5 seconds as in the minute. */
export type ContentionClass = 'low' | 'medium' | 'high' | 'burst';

/** Keys of a report. */
export const HOTTEST_MAX = 10;
/** Attempts a minute below which a share says nothing. */
const IDLE_BELOW = 100;
const ELEVATED = 0.1;
const HIGH = 0.2;
const MEDIUM = 0.05;
/** Of the share of a minute; and attempts of five seconds below which a burst is none. */
const BURST = 4;
const BURST_ATTEMPTS_MIN = 20;

/** No attempt at all. */
export const NOTHING_COUNTED: Counted = {
  attempts: 0,
  conflicts: 0,
  deadlocks: 0,
  lockTimeouts: 0,
  gaveUp: 0,
  lockWaitMs: 0,
};

/** Both together. */
export const addCounted = (a: Counted, b: Counted): Counted => ({
  attempts: a.attempts + b.attempts,
  conflicts: a.conflicts + b.conflicts,
  deadlocks: a.deadlocks + b.deadlocks,
  lockTimeouts: a.lockTimeouts + b.lockTimeouts,
  gaveUp: a.gaveUp + b.gaveUp,
  lockWaitMs: a.lockWaitMs + b.lockWaitMs,
});

/** The attempts that were lost to somebody else. */
export const lostOf = ({ conflicts, deadlocks, lockTimeouts, gaveUp }: Counted): number =>
  conflicts + deadlocks + lockTimeouts + gaveUp;

/** The share of attempts that were lost to somebody else, from 0 to 1. */
export const ratioOf = (counted: Counted): number => (counted.attempts === 0 ? 0 : lostOf(counted) / counted.attempts);

/** How contended a minute was; `idle` below 100 attempts, of which a share says nothing. */
export function statusOf(minute: Counted): ContentionStatus {
  if (minute.attempts < IDLE_BELOW) return 'idle';
  const ratio = ratioOf(minute);
  return ratio > HIGH ? 'high' : ratio > ELEVATED ? 'elevated' : 'normal';
}

/** How contended an entity is; `burst`: of late four times as much as over the minute. */
export function classOf({ minute, burst }: Pick<EntityContention, 'minute' | 'burst'>): ContentionClass {
  const [ratio, recent] = [ratioOf(minute), ratioOf(burst)];
  if (burst.attempts >= BURST_ATTEMPTS_MIN && recent > MEDIUM && recent >= BURST * ratio) return 'burst';
  return ratio > HIGH ? 'high' : ratio >= MEDIUM ? 'medium' : 'low';
}

/** As an instance may have told it that runs an older program: what that did not tell is missing. */
export type ToldReport = Omit<ContentionReport, 'entities' | 'hottest' | 'decisions'> & {
  readonly entities: readonly Told<EntityContention, 'series' | 'lockWaits'>[];
  readonly hottest: readonly Told<HotKeyReport, 'series' | 'since' | 'why'>[];
  readonly decisions?: readonly KeyDecision[];
};
type Told<T, Newer extends keyof T> = Omit<T, Newer> & Partial<Pick<T, Newer>>;

/**
 * What several instances have counted, together. A key that several name is named once, as the one says that locks it, with the attempts of all.
 * @param now milliseconds since 1970
 */
export function sumOfReports(reports: readonly ToldReport[], now: number = Date.now()): ContentionReport {
  const entities = new Map<string, EntityContention>();
  for (const one of reports.flatMap((report) => report.entities)) {
    const sum = entities.get(one.entity);
    entities.set(one.entity, {
      entity: one.entity,
      minute: addCounted(sum?.minute ?? NOTHING_COUNTED, one.minute),
      burst: addCounted(sum?.burst ?? NOTHING_COUNTED, one.burst),
      series: sumOfSeries([sum?.series ?? [], one.series ?? []]),
      lockWaits: addWaits(sum?.lockWaits ?? [], one.lockWaits ?? []),
    });
  }
  const keys = new Map<string, HotKeyReport>();
  for (const hot of hottestFirst(reports.flatMap((report) => report.hottest))) {
    const name = `${hot.entity} ${hot.key}`;
    const known = keys.get(name);
    const first = known ?? { ...hot, since: hot.since ?? now - hot.forMs, why: hot.why ?? null };
    keys.set(name, { ...first, series: sumOfSeries([known?.series ?? [], hot.series ?? []]) });
  }
  return {
    entities: [...entities.values()].sort((a, b) => ratioOf(b.minute) - ratioOf(a.minute)),
    hottest: [...keys.values()].slice(0, HOTTEST_MAX),
    decisions: reports.flatMap(({ decisions = [] }) => decisions).sort((a, b) => a.at - b.at),
  };
}

/** The last decisions about a key, the latest first. */
export const decisionsOf = (
  { decisions }: Pick<ContentionReport, 'decisions'>,
  entity: string,
  key: string,
): readonly KeyDecision[] =>
  decisions
    .filter((one) => one.entity === entity && one.key === key)
    .slice(-DECISIONS_MAX)
    .reverse();

/** Those that are locked come first. */
export const hottestFirst = <Key extends Pick<HotKeyReport, 'share'>>(keys: readonly Key[]): Key[] =>
  [...keys].sort((a, b) => (b.share ?? 2) - (a.share ?? 2));
