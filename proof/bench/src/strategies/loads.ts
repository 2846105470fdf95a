import type { Random } from '@backstep/simulation';
import { KEYS } from './stock.js';

export const LOADS = ['uniform', 'zipf', 'one'] as const;
/** Which keys the clients want: any of 10,000, some much more often (zipf 0.99, as in YCSB), or all the same one. */
export type LoadName = (typeof LOADS)[number];

/** Draws the next key, from 0 on. */
export type Draw = (random: Pick<Random, 'next'>) => number;

const ZIPF_EXPONENT = 0.99;

export const uniform =
  (keys: number): Draw =>
  (random) =>
    Math.floor(random.next() * keys);

/** The n-th key is wanted 1/n^0.99 as often as the first. */
export function zipf(keys: number): Draw {
  let sum = 0;
  const sums = Float64Array.from({ length: keys }, (_, index) => (sum += (index + 1) ** -ZIPF_EXPONENT));
  return (random) => firstAbove(sums, random.next() * sum);
}

const DRAWS: Readonly<Record<LoadName, Draw>> = { uniform: uniform(KEYS), zipf: zipf(KEYS), one: () => 0 };

export const drawOf = (load: LoadName): Draw => DRAWS[load];

function firstAbove(sums: Float64Array, wanted: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? Infinity) > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}
