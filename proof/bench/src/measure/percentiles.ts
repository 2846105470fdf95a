/** Milliseconds. Of nothing: all NaN, which JSON writes as null. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** By nearest rank, on all values: nothing is put into buckets. */
export function percentilesOf(values: Iterable<number>): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const rank = (share: number): number => ranked(sorted, share);
  return { p50: rank(0.5), p99: rank(0.99), p999: rank(0.999), max: rank(1) };
}

/** One of them, in the same way. Of nothing: NaN. */
export const percentile = (values: Iterable<number>, share: number): number =>
  ranked(Float64Array.from(values).sort(), share);

const ranked = (sorted: Float64Array, share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
