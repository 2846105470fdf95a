import type { ConsumerGroup, Topic } from '../api/types.js';

/** A group's part of a topic: a row of the table, with a cell for each partition. */
export interface LagRow {
  readonly group: string;
  readonly topic: string;
  readonly cells: readonly LagCell[];
  /** null when that of a partition is not known. */
  readonly lag: number | null;
}

export interface LagCell {
  readonly partition: number;
  readonly committed: string | null;
  readonly latest: string;
  readonly lag: number | null;
  readonly member: string | null;
}

export const lagRows = (groups: readonly ConsumerGroup[]): readonly LagRow[] =>
  groups.flatMap(({ id, partitions }) =>
    [...new Set(partitions.map(({ topic }) => topic))].map((topic) => {
      const cells = partitions
        .filter((place) => place.topic === topic)
        .toSorted((a, b) => a.partition - b.partition)
        .map(({ partition, committed, latest, lag, member }) => ({ partition, committed, latest, lag, member }));
      return { group: id, topic, cells, lag: sum(cells.map(({ lag }) => lag)) };
    }),
  );

/** null as soon as one is not known: a part of a sum is no sum. */
export const sum = (numbers: readonly (number | null)[]): number | null =>
  numbers.reduce((total, one) => (total === null || one === null ? null : total + one), 0);

/** Four shades and none: a number ten times as large is a shade darker. */
export const shadeOf = (lag: number | null): 0 | 1 | 2 | 3 | 4 => {
  if (lag === null || lag <= 0) return 0;
  if (lag < 10) return 1;
  if (lag < 100) return 2;
  return lag < 1_000 ? 3 : 4;
};

/** How many messages a topic has ever had, and how many are left. */
export function sizesOf({ partitions }: Topic): { readonly written: bigint; readonly kept: bigint } {
  let [written, kept] = [0n, 0n];
  for (const { earliest, latest } of partitions) {
    written += BigInt(latest);
    kept += BigInt(latest) - BigInt(earliest);
  }
  return { written, kept };
}

/** A moment of a topic, for its rate. */
export interface Sample {
  readonly at: number;
  readonly written: bigint;
}

/** Messages a second between two moments; undefined while it cannot be told: the same moment twice, or another log. */
export function rateOf(before: Sample | undefined, now: Sample): number | undefined {
  if (!before || now.at <= before.at || now.written < before.written) return undefined;
  return (Number(now.written - before.written) * 1_000) / (now.at - before.at);
}

/** Kafka's words for the state of a group, in ours. */
export const GROUP_STATES: Readonly<Record<string, string>> = {
  Stable: 'each member knows what it reads',
  Empty: 'nobody is in it: nothing is read',
  Dead: 'there is no such group yet',
  PreparingRebalance: 'members come or go: partitions are dealt anew',
  CompletingRebalance: 'partitions are dealt anew',
};

export const lagText = (lag: number | null): string => (lag === null ? 'not known' : lag.toLocaleString('en'));

/** The partitions in which a group is behind, or of which that is not known, the furthest first. */
export const behindFirst = <Place extends { readonly lag: number | null }>(
  partitions: readonly Place[],
): readonly Place[] =>
  partitions
    .filter(({ lag }) => lag !== 0)
    .toSorted((a, b) => (b.lag ?? Number.POSITIVE_INFINITY) - (a.lag ?? Number.POSITIVE_INFINITY) || 0);
