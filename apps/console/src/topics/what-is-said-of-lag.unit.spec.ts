import { describe, expect, it } from '@jest/globals';
import type { ConsumerGroup, Topic } from '../api/types.js';
import { behindFirst, lagRows, rateOf, shadeOf, sizesOf } from './lag.js';

/** Goal: what is not known is never shown as nothing; sums, shades and rates are what they say. */
const place = (topic: string, partition: number, lag: number | null) => ({
  ...{ topic, partition, lag },
  committed: lag === null ? null : '5',
  latest: '5',
  member: null,
});
const group = (...partitions: ReturnType<typeof place>[]): ConsumerGroup => ({
  ...{ id: 'backstep.order', service: 'order', state: 'Stable', members: [], lag: 0, partitions },
});

describe('lag', () => {
  it('a row is a group’s part of a topic, its cells in the order of partitions', () => {
    const rows = lagRows([group(place('b', 1, 2), place('a', 0, 0), place('b', 0, 1))]);
    expect(rows.map(({ topic, lag }) => [topic, lag])).toEqual([
      ['b', 3],
      ['a', 0],
    ]);
    expect(rows[0]?.cells.map(({ partition }) => partition)).toEqual([0, 1]);
  });

  it('a sum of which a part is not known is not known', () => {
    expect(lagRows([group(place('a', 0, 7), place('a', 1, null))])[0]?.lag).toBeNull();
  });

  it.each([
    [null, 0],
    [0, 0],
    [1, 1],
    [10, 2],
    [999, 3],
    [1_000, 4],
  ])('the shade of %j is %d', (lag, shade) => expect(shadeOf(lag)).toBe(shade));

  it('a topic has what was written and what is left', () => {
    const partitions = [
      { partition: 0, earliest: '3', latest: '10' },
      { partition: 1, earliest: '0', latest: '5' },
    ];
    expect(sizesOf({ name: 'a', retentionMs: null, partitions } satisfies Topic)).toEqual({ written: 15n, kept: 12n });
  });

  it('a rate needs two moments of one log', () => {
    expect(rateOf({ at: 1_000, written: 10n }, { at: 3_000, written: 30n })).toBe(10);
    expect(rateOf(undefined, { at: 1, written: 1n })).toBeUndefined();
    expect(rateOf({ at: 1, written: 1n }, { at: 1, written: 1n })).toBeUndefined();
    expect(rateOf({ at: 1, written: 5n }, { at: 2, written: 1n })).toBeUndefined();
  });

  it('where a group is behind comes the furthest first, before it what is not known, and what is handled not at all', () => {
    const places = [place('a', 0, 0), place('a', 1, 3), place('a', 2, null), place('a', 3, 12)];
    expect(behindFirst(places).map(({ partition }) => partition)).toEqual([2, 3, 1]);
    expect(behindFirst([place('a', 0, null), place('a', 1, null)])).toHaveLength(2);
  });
});
