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
  /** The share of its attempts that is lost; null while it is locked. */
  readonly share: number | null;
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
}

/** How much this instance's writes have lost to others of late. Bounded: entities are classes, and ten keys are named. */
export interface ContentionReport {
  readonly entities: readonly EntityContention[];
  /** The keys that conflict most, those that are locked first. */
  readonly hottest: readonly HotKeyReport[];
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

/** The share of attempts that were lost to somebody else, from 0 to 1. */
export const ratioOf = ({ attempts, conflicts, deadlocks, lockTimeouts, gaveUp }: Counted): number =>
  attempts === 0 ? 0 : (conflicts + deadlocks + lockTimeouts + gaveUp) / attempts;

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

/** What several instances have counted, together. A key that several name is named once, as the one says that locks it. */
export function sumOfReports(reports: readonly ContentionReport[]): ContentionReport {
  const entities = new Map<string, EntityContention>();
  for (const one of reports.flatMap((report) => report.entities)) {
    const sum = entities.get(one.entity);
    entities.set(one.entity, {
      entity: one.entity,
      minute: addCounted(sum?.minute ?? NOTHING_COUNTED, one.minute),
      burst: addCounted(sum?.burst ?? NOTHING_COUNTED, one.burst),
    });
  }
  const keys = new Map<string, HotKeyReport>();
  for (const hot of hottestFirst(reports.flatMap((report) => report.hottest))) {
    const name = `${hot.entity} ${hot.key}`;
    if (!keys.has(name)) keys.set(name, hot);
  }
  return {
    entities: [...entities.values()].sort((a, b) => ratioOf(b.minute) - ratioOf(a.minute)),
    hottest: [...keys.values()].slice(0, HOTTEST_MAX),
  };
}

/** Those that are locked come first. */
export const hottestFirst = (keys: readonly HotKeyReport[]): HotKeyReport[] =>
  [...keys].sort((a, b) => (b.share ?? 2) - (a.share ?? 2));
