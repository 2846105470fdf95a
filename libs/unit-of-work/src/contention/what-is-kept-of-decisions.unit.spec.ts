import { describe, expect, it } from '@jest/globals';
import { Decisions, DECISIONS_MAX, DECISIONS_TOLD_MS, type KeyDecision } from './decisions.js';
import { countWait, waitOf } from './lock-waits.js';
import { decisionsOf } from './report.js';
import { Series, SLOT_MS, SLOTS_MAX, sumOfSeries } from './series.js';

/** Goal: what is kept for people is bounded however long a process runs, and adds up. Method: clocks of the spec's own. */
const decision = (at: number, key = 'rye'): KeyDecision => ({
  ...{ entity: 'Loaf', key, at, from: 'optimistic', to: 'locked' },
  why: { rule: 'conflicts', measured: 0.3, threshold: 0.15, attempts: 20, previous: 'optimistic' },
});

describe('decisions', () => {
  it('of ten thousand decisions the last fifty are kept, and none for longer than an hour', () => {
    const decisions = new Decisions();
    for (let at = 1; at <= 10_000; at++) decisions.add(decision(at));
    const kept = decisions.until(10_000);
    expect([kept.length, kept[0]?.at, kept.at(-1)?.at]).toEqual([DECISIONS_MAX, 9_951, 10_000]);
    expect(decisions.until(10_000 + DECISIONS_TOLD_MS)).toEqual([]);
  });

  it('those of a key are told, the latest first', () => {
    const decisions = [decision(1), decision(2, 'wheat'), decision(3)];
    expect(decisionsOf({ decisions }, 'Loaf', 'rye').map(({ at }) => at)).toEqual([3, 1]);
    expect(decisionsOf({ decisions }, 'Crumb', 'rye')).toEqual([]);
  });
});

describe('a series', () => {
  it('of a day of attempts the last minute is kept, in slots that begin at the same times for all', () => {
    const series = new Series();
    const day = 24 * 3_600_000;
    for (let time = 1_234; time < day; time += 1_000) series.add(time, 1, 0);
    const slots = series.until(day);
    expect(series.size).toBe(SLOTS_MAX);
    expect(slots.every(({ at, attempts }) => at % SLOT_MS === 0 && attempts === 5)).toBe(true);
    expect(series.until(day + SLOTS_MAX * SLOT_MS)).toEqual([]);
  });

  it('where the clock was set back, nothing is lost and nothing counts twice', () => {
    const series = new Series();
    for (const time of [10_000, 20_000, 10_500]) series.add(time, 2, 1, 1);
    expect(sumOfSeries([series.until(20_000)])).toEqual([
      { at: 10_000, attempts: 4, lost: 2, locked: 2 },
      { at: 20_000, attempts: 2, lost: 1, locked: 1 },
    ]);
  });
});

it('of reads with locks, half took as long as their bound says at most, and one that took a minute counts in the last', () => {
  let waits: number[] | undefined;
  for (const ms of [0.4, 0.9, 3, 4, 60_000]) waits = countWait(waits, ms);
  expect([waitOf(waits ?? [], 0.4), waitOf(waits ?? [], 0.5), waitOf(waits ?? [], 0.99)]).toEqual([1, 5, 30_000]);
  expect(waitOf([], 0.5)).toBeNull();
});
