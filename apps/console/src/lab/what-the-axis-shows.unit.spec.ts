import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../api/types.js';
import { AXIS_MS, barsOf, examinationsWith, placeOf, rowsOf } from './axis.js';
import { labSearch } from './lab-search.js';
import { pointsOf } from './points.js';

/** Goal: what was done, what came of it and what the doctor found stand where they belong on one axis, and in its table. */
const NOW = Date.parse('2026-11-28T18:02:00.000Z');
const iso = (agoMs: number): string => new Date(NOW - agoMs).toISOString();
const fault = (id: string, fromAgo: number, toAgo: number | null): Fault => ({
  ...{ id, kind: 'pause', what: `pause ${id}`, target: { service: 'payment', pid: 1 } },
  ...{ state: toAgo === null ? 'on' : 'over', startedAt: iso(fromAgo), healsAt: null },
  endedAt: toAgo === null ? null : iso(toAgo),
});

describe('the axis of the lab', () => {
  it('its right end is now, and what was before its left end stands there', () => {
    expect([placeOf(NOW, NOW), placeOf(NOW - AXIS_MS / 2, NOW), placeOf(NOW - 2 * AXIS_MS, NOW)]).toEqual([1, 0.5, 0]);
  });

  it('a fault is a bar from its beginning to its end, one that is on to now, and one of long ago is none', () => {
    const bars = barsOf(
      [fault('on', 30_000, null), fault('over', 90_000, 60_000), fault('old', 400_000, 300_000)],
      NOW,
    );
    expect(bars.map(({ fault: { id }, from, to }) => [id, from, to])).toEqual([
      ['over', 0.25, 0.5],
      ['on', 0.75, 1],
    ]);
  });

  it('bars that overlap stand on lines of their own, the next on the first that is free', () => {
    const bars = barsOf([fault('a', 100_000, 60_000), fault('b', 90_000, 80_000), fault('c', 50_000, null)], NOW);
    expect(bars.map(({ fault: { id }, line }) => [id, line])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 0],
    ]);
  });

  it('a look of the doctor counts once, however often it is told, and leaves with the axis', () => {
    const first = { at: NOW - AXIS_MS - 1, tookMs: 1, found: 0 };
    const second = { at: NOW, tookMs: 2, found: 1 };
    expect(examinationsWith([first], { ...first })).toEqual([first]);
    expect(examinationsWith([first], second)).toEqual([second]);
  });

  it('the table says the same: what was on, what was placed, and what was found in its ten seconds', () => {
    const strip = [{ second: NOW / 1_000 - 15, placed: 3, confirmed: 1, rejected: 1 }];
    const looks = [
      { at: NOW - 12_000, tookMs: 5, found: 0 },
      { at: NOW - 11_000, tookMs: 5, found: 2 },
    ];
    const rows = rowsOf([fault('a', 18_000, 9_000)], strip, looks, NOW);
    expect(rows[2]).toMatchObject({ faults: ['pause a'], placed: 3, ended: 2, examinations: 2, found: 2 });
    expect(rows[1]).toMatchObject({ faults: ['pause a'], placed: undefined, ended: undefined, examinations: 0 });
    expect(rows[0]).toMatchObject({ faults: [], placed: undefined });
  });
});

describe('what the page offers', () => {
  it('a process is held at the points that it comes to', () => {
    const points = ['placement.after-commit', 'batch.halving', 'payment.after-provider-charge', 'express.after-commit'];
    expect(pointsOf('payment-2', points)).toEqual(['batch.halving', 'payment.after-provider-charge']);
    expect(pointsOf('order', points)).toEqual(['placement.after-commit', 'batch.halving']);
    expect(pointsOf('host', points)).toEqual(points);
    expect([pointsOf('gateway', points), pointsOf('payment-provider', points)]).toEqual([[], []]);
  });

  it('an address says the rate, and nothing that is not understood', () => {
    expect([labSearch({ rate: 20 }), labSearch({ rate: 5 })]).toEqual([{ rate: 20 }, {}]);
    for (const rate of [0, 41, 1.5, '20', undefined]) expect(labSearch({ rate, kill: 'payment' })).toEqual({});
  });
});
