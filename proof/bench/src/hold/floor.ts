import type { AtOnce, Cell } from './rounds.js';
import type { WayName } from './ways.js';

/**
 * `hold` must do at least so much of what a transaction with `FOR UPDATE` does, with as many pairs at once, in the same run. One of a pair loses an
 * attempt in each round, and reads and writes again: with one pair at a time a round is twice as long, and a half is the most that can be had.
 */
export const FLOORS: Readonly<Record<AtOnce, number>> = { 1: 0.3, 8: 0.5 };

const MEASURED: WayName = 'hold';
const COMPARED_WITH: WayName = 'FOR UPDATE';

export interface Ratio {
  readonly atOnce: AtOnce;
  /** Rounds a second with `hold`, by those with `FOR UPDATE`. */
  readonly ratio: number;
}

export function ratiosOf(cells: readonly Cell[]): Ratio[] {
  const rate = (wanted: WayName, atOnce: AtOnce): number =>
    cells.find((cell) => cell.way === wanted && cell.atOnce === atOnce)?.perSecond ?? NaN;
  return [...new Set(cells.map(({ atOnce }) => atOnce))].map((atOnce) => ({
    atOnce,
    ratio: rate(MEASURED, atOnce) / rate(COMPARED_WITH, atOnce),
  }));
}

/** @returns a sentence for each ratio that is below the floor; one that was not measured is below it */
export const tooSlow = (ratios: readonly Ratio[]): string[] =>
  ratios
    .filter(({ atOnce, ratio }) => !(ratio >= FLOORS[atOnce]))
    .map(
      ({ atOnce, ratio }) =>
        `${MEASURED}, ${atOnce} at once: ${ratio.toFixed(2)} of ${COMPARED_WITH}, and must be ${FLOORS[atOnce]}`,
    );
