import type { Fault } from '../api/types.js';
import type { Second } from '../live/strip.js';

/** What the axis shows: the last two minutes. */
export const AXIS_MS = 120_000;
const ROW_MS = 10_000;
const SECOND_MS = 1_000;

/** One look of the doctor, as it stands on the axis. */
export interface Examination {
  /** When it began, in ms since 1970. */
  readonly at: number;
  readonly tookMs: number;
  /** Violations. */
  readonly found: number;
}

/** The examinations with one more; the same one told twice is one, and those that have left the axis are dropped. */
export function examinationsWith(known: readonly Examination[], next: Examination): readonly Examination[] {
  if (known.some(({ at }) => at === next.at)) return known;
  return [...known, next].filter(({ at }) => at > next.at - AXIS_MS).sort((a, b) => a.at - b.at);
}

/** From 0 at the left end to 1 at the right one, which is now. */
export const placeOf = (at: number, now: number): number => Math.min(1, Math.max(0, 1 - (now - at) / AXIS_MS));

export interface Bar {
  readonly fault: Fault;
  /** Which line it stands on: no two that overlap share one. */
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** Room beside a bar for what it says. */
const LABEL = 0.12;

/** The faults as bars, each on the first line that is free for it and for what it says. */
export function barsOf(faults: readonly Fault[], now: number): readonly Bar[] {
  const ends: number[] = [];
  return faults
    .filter(({ endedAt }) => endedAt === null || Date.parse(endedAt) > now - AXIS_MS)
    .sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt))
    .map((fault) => {
      const from = placeOf(Date.parse(fault.startedAt), now);
      const to = fault.endedAt === null ? 1 : placeOf(Date.parse(fault.endedAt), now);
      const free = ends.findIndex((end) => end <= from);
      const line = free < 0 ? ends.length : free;
      ends[line] = Math.max(to, from + LABEL);
      return { fault, line, from, to };
    });
}

export interface Row {
  /** Its beginning, in ms since 1970. */
  readonly at: number;
  readonly faults: readonly string[];
  /** Undefined: of no second of it is anything known. */
  readonly placed: number | undefined;
  readonly ended: number | undefined;
  readonly examinations: number;
  readonly found: number;
}

/** The same as a table, ten seconds a row, the latest first. */
export function rowsOf(
  faults: readonly Fault[],
  strip: readonly Second[],
  examinations: readonly Examination[],
  now: number,
): readonly Row[] {
  const last = Math.floor(now / ROW_MS) * ROW_MS;
  return Array.from({ length: AXIS_MS / ROW_MS }, (_, row) => {
    const at = last - row * ROW_MS;
    const isWithin = (moment: number): boolean => moment >= at && moment < at + ROW_MS;
    const seconds = strip.filter(({ second }) => isWithin(second * SECOND_MS));
    const looks = examinations.filter((one) => isWithin(one.at));
    const sum = (of: (second: Second) => number): number | undefined =>
      seconds.length === 0 ? undefined : seconds.reduce((so, second) => so + of(second), 0);
    return {
      at,
      faults: faults.filter((fault) => isOnIn(fault, at, at + ROW_MS)).map(({ what }) => what),
      placed: sum(({ placed }) => placed),
      ended: sum(({ confirmed, rejected }) => confirmed + rejected),
      examinations: looks.length,
      found: looks.reduce((so, { found }) => Math.max(so, found), 0),
    };
  });
}

const isOnIn = ({ startedAt, endedAt }: Fault, from: number, to: number): boolean =>
  Date.parse(startedAt) < to && (endedAt === null || Date.parse(endedAt) >= from);
