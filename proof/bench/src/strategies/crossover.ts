import { conflictRate, type Cell, type Place } from './report.js';

/** One against the other, in one round and in the same seconds. */
export const OPTIMISTIC = 'optimistic';
export const LOCKED = 'locked';

export const CROSSOVER_CLIENTS = 32;
const KEYS_FROM_MANY_TO_ONE = [2_048, 512, 128, 64, 32, 16, 8, 4, 1];

/** Smallest, median and largest over the rounds. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** So many clients on so many keys. */
export interface CrossoverPoint {
  readonly workMs: number;
  readonly keys: number;
  /** Conflicts per attempt of `optimistic`. */
  readonly conflicts: Spread;
  /** optimistic : locked. Above 1, optimistic does more. */
  readonly throughput: Spread;
  /** optimistic : locked. Above 1, optimistic waits longer. */
  readonly p99: Spread;
}

/** The conflicts per attempt at which a ratio crosses 1; undefined where one of both is ahead at every point. */
export interface Crossing {
  readonly workMs: number;
  readonly of: 'throughput' | 'p99';
  /** Of the medians of all rounds. */
  readonly at: number | undefined;
  /** Of each round alone: the noise of `at`. */
  readonly byRound: readonly (number | undefined)[];
}

export interface Crossover {
  readonly clients: number;
  readonly points: readonly CrossoverPoint[];
  readonly crossings: readonly Crossing[];
}

/** The cells of one round. In every other one `locked` runs first. */
export const crossoverPlaces = (round: number, workMs: number, clients = CROSSOVER_CLIENTS): Place[] =>
  KEYS_FROM_MANY_TO_ONE.flatMap((keys) => {
    const both = [OPTIMISTIC, LOCKED].map((strategy) => ({
      strategy,
      load: 'uniform' as const,
      keys,
      clients,
      workMs,
    }));
    return round % 2 === 0 ? both.reverse() : both;
  });

interface Pair {
  readonly keys: number;
  readonly workMs: number;
  readonly round: number;
  readonly conflicts: number;
  readonly throughput: number;
  readonly p99: number;
}

export function crossoverOf(cells: readonly Cell[]): Crossover {
  const pairs = cells
    .filter(({ strategy }) => strategy === OPTIMISTIC)
    .flatMap((optimistic): Pair[] => {
      const { keys, workMs, round } = optimistic;
      const locked = cells.find(
        (cell) => cell.strategy === LOCKED && cell.keys === keys && cell.workMs === workMs && cell.round === round,
      );
      if (!locked) return [];
      const throughput = optimistic.opsPerSecond / locked.opsPerSecond;
      return [
        { keys, workMs, round, conflicts: conflictRate(optimistic), throughput, p99: optimistic.p99 / locked.p99 },
      ];
    });
  const works = distinct(pairs.map(({ workMs }) => workMs));
  const points = works.flatMap((workMs) => {
    const ofWork = pairs.filter((pair) => pair.workMs === workMs);
    return distinct(ofWork.map(({ keys }) => keys)).map((keys): CrossoverPoint => {
      const rounds = ofWork.filter((pair) => pair.keys === keys);
      const spread = (of: (pair: Pair) => number): Spread => spreadOf(rounds.map(of));
      return {
        workMs,
        keys,
        conflicts: spread(({ conflicts }) => conflicts),
        throughput: spread(({ throughput }) => throughput),
        p99: spread(({ p99 }) => p99),
      };
    });
  });
  const crossings = works.flatMap((workMs) =>
    (['throughput', 'p99'] as const).map((of): Crossing => {
      const ofWork = pairs.filter((pair) => pair.workMs === workMs);
      return {
        workMs,
        of,
        at: crossingOf(
          points
            .filter((point) => point.workMs === workMs)
            .map((point) => ({ conflicts: point.conflicts.median, ratio: point[of].median })),
        ),
        byRound: distinct(ofWork.map(({ round }) => round)).map((round) =>
          crossingOf(ofWork.filter((pair) => pair.round === round).map((pair) => ({ ...pair, ratio: pair[of] }))),
        ),
      };
    }),
  );
  return { clients: cells[0]?.clients ?? CROSSOVER_CLIENTS, points, crossings };
}

interface RatioAt {
  readonly conflicts: number;
  readonly ratio: number;
}

/**
 * Where the ratio crosses 1. Noise makes some ratios cross several times: the place is taken at which the ratios on the wrong side weigh
 * least, by their logarithms. Between two measured points it lies where the line between both logarithms is 0; where noise keeps that line
 * off 0, halfway.
 * @returns undefined where one side is ahead at every point, or nearly
 */
export function crossingOf(ratios: readonly RatioAt[]): number | undefined {
  const points = [...ratios]
    .sort((one, other) => one.conflicts - other.conflicts)
    .map(({ conflicts, ratio }) => ({ conflicts, log: Math.log(ratio) }));
  const total = points.reduce((sum, { log }) => sum + log, 0);
  // Throughput falls through 1 and p99 rises through 1: the sign of the first half against that of the second.
  const halves = points.reduce((sum, { log }, at) => sum + (at < points.length / 2 ? log : -log), 0);
  const sign = Math.sign(halves) || 1;
  const wrong = (cut: number): number =>
    points.reduce((sum, { log }, at) => sum + Math.max(0, (at < cut ? -1 : 1) * sign * log), 0);
  const cuts = Array.from({ length: points.length + 1 }, (_, cut) => cut);
  const best = cuts.reduce((least, cut) => (wrong(cut) < wrong(least) ? cut : least), 0);
  const [before, after] = [points[best - 1], points[best]];
  if (Number.isNaN(total) || !before || !after) return undefined;
  const share = before.log / (before.log - after.log);
  const within = Number.isFinite(share) && share >= 0 && share <= 1 ? share : 0.5;
  return before.conflicts + within * (after.conflicts - before.conflicts);
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
  return { min: sorted[0] ?? NaN, median, max: sorted.at(-1) ?? NaN };
}

const distinct = (values: readonly number[]): number[] => [...new Set(values)];
