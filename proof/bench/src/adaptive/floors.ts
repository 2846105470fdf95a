import type { Cell, Load, Variant } from './compare.js';

/** What adaptive() must do at least of what is best on a load, in the same run. */
const FLOORS: readonly (readonly [load: Load, best: Variant, floor: number])[] = [
  ['zipf', 'locks at once', 0.7],
  ['uniform', 'optimistic only', 0.9],
];
/** Every instance has locked the hottest key of a skewed load by then, milliseconds. */
const LOCKED_WITHIN_MS = 3_000;

export interface Ratio {
  readonly load: Load;
  readonly best: Variant;
  readonly floor: number;
  /** Of each round. */
  readonly ratios: readonly number[];
}

/** Adaptive against what is best on each load, round by round: what is compared was measured in the same minute. */
export function ratiosOf(cells: readonly Cell[]): Ratio[] {
  const rounds = [...new Set(cells.map(({ round }) => round))];
  return FLOORS.map(([load, best, floor]) => {
    const rate = (round: number, variant: Variant): number =>
      cells.find((cell) => cell.round === round && cell.load === load && cell.variant === variant)?.perSecond ?? NaN;
    return { load, best, floor, ratios: rounds.map((round) => rate(round, 'adaptive') / rate(round, best)) };
  });
}

/** A sentence for each floor that the middle one of the rounds does not reach, and for a hottest key that was locked late. */
export function* belowTheFloor(cells: readonly Cell[]): Generator<string> {
  for (const { load, best, floor, ratios } of ratiosOf(cells)) {
    const ratio = middleOf(ratios);
    if (!(ratio >= floor)) yield `${load}: adaptive does ${ratio.toFixed(2)} of ${best}, and must do ${floor}`;
  }
  const waits = cells
    .filter(({ load, variant }) => load === 'zipf' && variant === 'adaptive')
    .map(({ lockedAfterMs }) => lockedAfterMs ?? Infinity);
  const wait = middleOf(waits);
  if (!(wait <= LOCKED_WITHIN_MS))
    yield `zipf: the hottest key is locked after ${wait} ms, and must be within ${LOCKED_WITHIN_MS} ms`;
}

/** Of an even number the lower one; NaN of none. */
function middleOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN;
}
