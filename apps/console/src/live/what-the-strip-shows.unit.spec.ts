import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawnStrip, minutesOf, rateOf, type Second, STRIP_SECONDS, stripWith } from './strip.js';

/** Goal: the strip of the last five minutes shows each order that a tick told of once, and nothing where nothing is known. */
const BEGAN = Date.parse('2026-11-28T12:00:00.000Z');
const tick = (ms: number, placed = 0, confirmed = 0, rejected = 0) => ({
  at: new Date(BEGAN + ms).toISOString(),
  rates: { placed, confirmed, rejected },
});
const stripOf = (...ticks: readonly ReturnType<typeof tick>[]): readonly Second[] =>
  ticks.reduce<readonly Second[]>(stripWith, []);

describe('the strip', () => {
  it('each order is counted once, in whichever seconds the ticks came', () => {
    const ticks = fc.array(fc.tuple(fc.nat({ max: 2_500 }), fc.nat({ max: 9 })), { maxLength: 80 });
    fc.assert(
      fc.property(ticks, (all) => {
        let at = 0;
        const strip = stripOf(...all.map(([later, placed]) => tick((at += later), placed)));
        const last = Math.floor((BEGAN + at) / 1_000);
        at = 0;
        const within = all.filter(([later]) => Math.floor((BEGAN + (at += later)) / 1_000) > last - STRIP_SECONDS);
        const sum = (counts: readonly number[]): number => counts.reduce((so, one) => so + one, 0);
        expect(sum(strip.map(({ placed }) => placed))).toBe(sum(within.map(([, placed]) => placed)));
        expect(strip.length).toBeLessThanOrEqual(STRIP_SECONDS);
        expect(new Set(strip.map(({ second }) => second)).size).toBe(strip.length);
      }),
    );
  });

  it('a second without a tick has no column', () => {
    const { columns } = drawnStrip(stripOf(tick(0, 1), tick(3_000, 2)));
    expect(columns.map(({ ago }) => ago)).toEqual([3, 0]);
  });

  it('bars and line have one scale: the highest fills the strip', () => {
    const { columns, highest } = drawnStrip(stripOf(tick(0, 4, 1, 1), tick(1_000, 2, 6, 2)));
    expect(highest).toBe(8);
    expect(columns.at(-1)).toEqual({ ago: 0, placed: 0.25, confirmed: 0.75, rejected: 0.25 });
  });

  it('minutes are the same as numbers, the latest first', () =>
    expect(minutesOf(stripOf(tick(0, 5), tick(61_000, 1, 1), tick(62_000, 2, 0, 1)))).toEqual([
      { ago: 0, seconds: 2, placed: 3, confirmed: 1, rejected: 1 },
      { ago: 1, seconds: 1, placed: 5, confirmed: 0, rejected: 0 },
    ]));

  it('a rate is a mean of the last seconds that are known', () => {
    expect(rateOf([], ({ placed }) => placed)).toBeUndefined();
    expect(rateOf(stripOf(tick(0, 100), tick(20_000, 4), tick(21_000, 2)), ({ placed }) => placed)).toBe(3);
  });

  it('a clock that was set back begins a new strip', () =>
    expect(stripOf(tick(10_000, 5), tick(0, 1))).toMatchObject([{ placed: 1 }]));
});
