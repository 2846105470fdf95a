import type { Contention, ContentionSlot, EntityContention, HotKey } from '../api/types.js';
import { selOf } from './contention-search.js';

/** How long a column is, milliseconds: what services tell at once. */
export const COLUMN_MS = 5_000;

/** From none to more than a fifth, as services say `normal`, `elevated` and `high` of a minute. */
export const SHADES = [0, 1, 2, 3, 4] as const;
export type Shade = (typeof SHADES)[number];
/** Shares up to which a shade is. */
const FEW = 0.05;
export const ELEVATED = 0.1;
export const HIGH = 0.2;

/** Attempts at a key in five seconds. */
export interface Cell {
  readonly at: number;
  readonly attempts: number;
  readonly lost: number;
  /** null: nobody wanted it. */
  readonly share: number | null;
  readonly shade: Shade;
  /** Of the most attempts that a cell has, from 0 to 1. */
  readonly width: number;
  /** Some that wanted it locked it: of these none met a conflict. */
  readonly isLocked: boolean;
}

export interface HeatRow {
  readonly sel: string;
  readonly service: string;
  readonly hot: HotKey;
  readonly cells: readonly Cell[];
  readonly attempts: number;
  readonly lost: number;
}

/** The keys that conflict most × time. */
export interface Heat {
  /** When each column began, the oldest first. */
  readonly columns: readonly number[];
  readonly rows: readonly HeatRow[];
}

export interface EntityRow {
  readonly service: string;
  readonly of: EntityContention;
  readonly attempts: number;
  readonly lost: number;
}

/** The last column has begun and is not over. */
export function columnsOf(takenAt: string, seconds: number): readonly number[] {
  const newest = Math.floor(Date.parse(takenAt) / COLUMN_MS) * COLUMN_MS;
  const count = (seconds * 1_000) / COLUMN_MS;
  return Array.from({ length: count }, (_, column) => newest - (count - 1 - column) * COLUMN_MS);
}

export function heatOf({ takenAt, services }: Contention, seconds: number): Heat {
  const columns = columnsOf(takenAt, seconds);
  const keys = services.flatMap(({ service, hottest }) => hottest.map((hot) => ({ service, hot })));
  const counted = keys.map(({ service, hot }) => ({ service, hot, slots: keySlotsIn(hot, columns) }));
  const most = Math.max(1, ...counted.flatMap(({ slots }) => slots.map(({ attempts }) => attempts)));
  const rows = counted.map(({ service, hot, slots }): HeatRow => ({
    ...{ service, hot, sel: selOf({ service, ...hot }) },
    cells: slots.map((slot) => cellOf(slot, most)),
    ...sumOf(slots),
  }));
  return { columns, rows: rows.sort(hottestFirst) };
}

/** A key among those that conflict most; undefined: it is none of them. */
export const hotOf = ({ services }: Contention, sel: string): HotKey | undefined =>
  services
    .flatMap(({ service, hottest }) => hottest.map((hot) => ({ hot, name: selOf({ service, ...hot }) })))
    .find(({ name }) => name === sel)?.hot;

/** Locked ones first, then those that lost most. Names decide between equals, so that no row jumps. */
const hottestFirst = (a: HeatRow, b: HeatRow): number =>
  Number(b.hot.strategy === 'locked') - Number(a.hot.strategy === 'locked') ||
  b.lost - a.lost ||
  a.sel.localeCompare(b.sel);

export function entitiesOf({ takenAt, services }: Contention, seconds: number): readonly EntityRow[] {
  const columns = columnsOf(takenAt, seconds);
  return services
    .flatMap(({ service, entities }) => entities.map((of) => ({ service, of, ...sumOf(slotsIn(of.series, columns)) })))
    .sort((a, b) => (shareOf(b) ?? 0) - (shareOf(a) ?? 0) || b.attempts - a.attempts);
}

interface Slot {
  readonly at: number;
  readonly attempts: number;
  readonly lost: number;
}

/** One for each column. What no column has is older, or of a clock that goes ahead. */
const slotsIn = (series: readonly ContentionSlot[], columns: readonly number[]): readonly Slot[] =>
  columns.map((at) => ({ at, ...sumOf(series.filter((slot) => columnAt(Date.parse(slot.at)) === at)) }));

interface KeySlot extends Slot {
  readonly locked: number;
}

function keySlotsIn({ series }: HotKey, columns: readonly number[]): readonly KeySlot[] {
  const locked = slotsIn(
    series.map((slot) => ({ ...slot, attempts: slot.locked })),
    columns,
  );
  return slotsIn(series, columns).map((slot, column) => ({ ...slot, locked: locked[column]?.attempts ?? 0 }));
}

const columnAt = (time: number): number => Math.floor(time / COLUMN_MS) * COLUMN_MS;

export const sumOf = (all: readonly { readonly attempts: number; readonly lost: number }[]) => ({
  attempts: all.reduce((sum, { attempts }) => sum + attempts, 0),
  lost: all.reduce((sum, { lost }) => sum + lost, 0),
});

export const shareOf = ({ attempts, lost }: Omit<Slot, 'at'>): number | null =>
  attempts === 0 ? (lost === 0 ? null : 1) : Math.min(1, lost / attempts);

const cellOf = ({ locked, ...slot }: KeySlot, most: number): Cell => ({
  ...slot,
  share: shareOf(slot),
  shade: shadeOf(shareOf(slot)),
  width: slot.attempts / most,
  isLocked: locked > 0,
});

export function shadeOf(share: number | null): Shade {
  if (share === null || share <= 0) return 0;
  if (share <= FEW) return 1;
  if (share <= ELEVATED) return 2;
  return share <= HIGH ? 3 : 4;
}
