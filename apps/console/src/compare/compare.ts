import type { Step, StepRun } from './steps.js';

/** What differs between the two runs of a step. */
export type Difference = 'only a' | 'only b' | 'outcome' | 'attempts' | 'repeated';

export interface ComparedStep {
  readonly key: string;
  readonly title: string;
  readonly isUndo: boolean;
  readonly a: StepRun | undefined;
  readonly b: StepRun | undefined;
  readonly differences: readonly Difference[];
  /** How much later b began, and how much longer it took; undefined where one of them is not there, or not answered. */
  readonly startsLaterMs: number | undefined;
  readonly takesLongerMs: number | undefined;
}

/**
 * The steps of two orders beside each other: a step of both is one row, and the rows of each stand in its own order. That is a longest common
 * subsequence, as of the lines of two files; an order has some tens of steps.
 */
export function aligned(a: readonly Step[], b: readonly Step[]): readonly ComparedStep[] {
  const lengths = commonLengths(a, b);
  const rows: ComparedStep[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [one, other] = [a[i], b[j]];
    if (one && other && one.key === other.key) {
      rows.push(rowOf(one, one.run, other.run));
      i += 1;
      j += 1;
    } else if (one && (!other || at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      rows.push(rowOf(one, one.run, undefined));
      i += 1;
    } else if (other) {
      rows.push(rowOf(other, undefined, other.run));
      j += 1;
    }
  }
  return rows;
}

/** How many steps the rests of both have in common, from each pair of places on. */
function commonLengths(a: readonly Step[], b: readonly Step[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (!row) continue;
      row[j] =
        a[i]?.key === b[j]?.key
          ? at(lengths, i + 1, j + 1) + 1
          : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }
  return lengths;
}

const at = (lengths: readonly (readonly number[])[], i: number, j: number): number => lengths[i]?.[j] ?? 0;

function rowOf({ key, title, isUndo }: Step, a: StepRun | undefined, b: StepRun | undefined): ComparedStep {
  return {
    ...{ key, title, isUndo, a, b },
    differences: differencesOf(a, b),
    startsLaterMs: a && b && b.startMs - a.startMs,
    takesLongerMs: a?.tookMs === undefined || b?.tookMs === undefined ? undefined : b.tookMs - a.tookMs,
  };
}

function differencesOf(a: StepRun | undefined, b: StepRun | undefined): readonly Difference[] {
  if (!a) return ['only b'];
  if (!b) return ['only a'];
  const differs: readonly (readonly [Difference, boolean])[] = [
    ['outcome', a.outcome !== b.outcome],
    ['attempts', a.attempts !== b.attempts],
    ['repeated', a.repeated !== b.repeated],
  ];
  return differs.filter(([, does]) => does).map(([name]) => name);
}

/** A delay as a delta: `+12 ms`, `−3 ms`, `±0`. */
export function deltaText(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms === 0 ? '±0' : `${ms > 0 ? '+' : '−'}${Math.abs(ms).toLocaleString('en')} ms`;
}
