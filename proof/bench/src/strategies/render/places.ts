import { spreadOf } from '../crossover.js';
import type { LoadName } from '../loads.js';
import { conflictRate, type Cell, type StrategiesReport } from '../report.js';

/** As the documents name them. */
export const LOAD_TITLES: Readonly<Record<LoadName, string>> = {
  uniform: 'Spread keys',
  zipf: 'Skewed keys',
  one: 'One key',
};

export const workTitle = (workMs: number): string => (workMs === 0 ? 'no work inside' : `${workMs} ms inside`);

/** `One key, 2 ms inside`: a heading of the document. */
export const placeTitle = (load: LoadName, workMs: number): string => `${LOAD_TITLES[load]}, ${workTitle(workMs)}`;

export const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

/** The medians over the rounds of one cell. */
export interface Figures {
  readonly opsPerSecond: number;
  readonly p99: number;
  readonly conflicts: number;
  /** The most that any round has lost. */
  readonly lost: number;
  readonly acknowledged: number;
}

/** @returns undefined where nothing of it was measured */
export function figuresAt(
  { cells }: StrategiesReport,
  wanted: Pick<Cell, 'strategy' | 'load' | 'clients' | 'workMs'>,
): Figures | undefined {
  const rounds = cells.filter(
    (cell) =>
      cell.strategy === wanted.strategy &&
      cell.load === wanted.load &&
      cell.clients === wanted.clients &&
      cell.workMs === wanted.workMs,
  );
  const worst = rounds.reduce<Cell | undefined>(
    (most, cell) => (cell.lost > (most?.lost ?? -1) ? cell : most),
    undefined,
  );
  if (!worst) return undefined;
  return {
    opsPerSecond: spreadOf(rounds.map(({ opsPerSecond }) => opsPerSecond)).median,
    p99: spreadOf(rounds.map(({ p99 }) => p99)).median,
    conflicts: spreadOf(rounds.map(conflictRate)).median,
    lost: worst.lost,
    acknowledged: worst.acknowledged,
  };
}

export const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
