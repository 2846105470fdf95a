import {
  addCounted,
  classOf,
  NOTHING_COUNTED,
  ratioOf,
  statusOf,
  waitOf,
  type ContentionClass,
  type ContentionReport,
  type ContentionStatus,
  type Counted,
  type DecisionReason,
  type HotKeyReport,
  type KeyDecision,
  type Slot,
} from '@backstep/unit-of-work';

/** Attempts of five seconds. Times without attempts have no such part. */
export interface ContentionSlot {
  /** When it began. */
  readonly at: string;
  readonly attempts: number;
  readonly lost: number;
}

/** Attempts at a key, and those of them that had locked it as they read it. */
export interface KeySlot extends ContentionSlot {
  readonly locked: number;
}

/** The writes of one entity in the last minute, of all instances. */
export interface ContentionOfEntity extends Counted {
  readonly entity: string;
  /** The share of attempts that were lost, from 0 to 1: of the minute, and of the last 5 seconds. */
  readonly ratio: number;
  readonly burstRatio: number;
  readonly class: ContentionClass;
  /** How long half of the reads with locks took at most, and 99 of 100, milliseconds; null: nothing was read with locks. */
  readonly lockWaitP50Ms: number | null;
  readonly lockWaitP99Ms: number | null;
  readonly series: readonly ContentionSlot[];
}

/** A key that conflicts. */
export interface ContendedKey extends Omit<HotKeyReport, 'since' | 'series'> {
  readonly since: string;
  readonly attempts: number;
  readonly lost: number;
  readonly series: readonly KeySlot[];
}

/** `GET /health/contention`. `idle`: fewer than 100 attempts in the last minute. */
export interface ContentionHealth {
  readonly status: ContentionStatus;
  readonly attempts: number;
  readonly ratio: number;
}

/** `GET /contention` of a service. */
export interface ContentionBody extends ContentionHealth {
  readonly instances: number;
  readonly entities: readonly ContentionOfEntity[];
  readonly hottest: readonly ContendedKey[];
}

/** A key was taken otherwise from then on. */
export interface DecisionBody {
  readonly at: string;
  readonly from: KeyDecision['from'];
  readonly to: KeyDecision['to'];
  readonly why: DecisionReason;
}

export function contentionBody(instances: number, { entities, hottest }: ContentionReport): ContentionBody {
  const all = entities.reduce((sum, { minute }) => addCounted(sum, minute), NOTHING_COUNTED);
  return {
    status: statusOf(all),
    attempts: all.attempts,
    ratio: ratioOf(all),
    instances,
    entities: entities.map((of) => ({
      entity: of.entity,
      ...of.minute,
      ratio: ratioOf(of.minute),
      burstRatio: ratioOf(of.burst),
      class: classOf(of),
      lockWaitP50Ms: waitOf(of.lockWaits, 0.5),
      lockWaitP99Ms: waitOf(of.lockWaits, 0.99),
      series: of.series.map(slotBody),
    })),
    hottest: hottest.map(contendedKey),
  };
}

export function contendedKey({ since, series, ...hot }: HotKeyReport): ContendedKey {
  const sum = (of: (slot: Slot) => number): number => series.reduce((so, slot) => so + of(slot), 0);
  return {
    ...hot,
    since: timeOf(since),
    attempts: sum(({ attempts }) => attempts),
    lost: sum(({ lost }) => lost),
    series: series.map((slot) => ({ ...slotBody(slot), locked: slot.locked })),
  };
}

export const decisionBody = ({ at, from, to, why }: KeyDecision): DecisionBody => ({ at: timeOf(at), from, to, why });

const slotBody = ({ at, attempts, lost }: Slot): ContentionSlot => ({ at: timeOf(at), attempts, lost });

const timeOf = (ms: number): string => new Date(ms).toISOString();
