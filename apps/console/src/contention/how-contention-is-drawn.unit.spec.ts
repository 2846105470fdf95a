import { describe, expect, it } from '@jest/globals';
import type { Contention, HotKey } from '../api/types.js';
import { columnsOf, entitiesOf, heatOf, shadeOf } from './heat.js';

/** Goal: each attempt is drawn once, in the column in which it was made, and what was locked is not shown as calm. */
const TAKEN_AT = '2026-11-28T08:19:02.500Z';
const at = (time: string): string => `2026-11-28T08:${time}.000Z`;
const slot = (time: string, attempts: number, lost: number, locked = 0) => ({ at: at(time), attempts, lost, locked });

const hot = (change: Partial<HotKey> = {}): HotKey => ({
  ...{ entity: 'Stock', key: 'teapot', strategy: 'optimistic', forMs: 1, since: at('18:00'), why: null, share: 0.3 },
  ...{ attempts: 0, lost: 0, series: [] },
  ...change,
});

const NOTHING = { attempts: 0, ratio: 0, conflicts: 0, deadlocks: 0, lockTimeouts: 0, gaveUp: 0, lockWaitMs: 0 };
const contention = (...hottest: HotKey[]): Contention => ({
  takenAt: TAKEN_AT,
  windowMs: 60_000,
  services: [
    {
      ...{ service: 'inventory', status: 'idle', instances: 1, attempts: 0, ratio: 0, hottest },
      entities: [
        {
          ...{ entity: 'Stock', ...NOTHING, burstRatio: 0, class: 'low', lockWaitP50Ms: null, lockWaitP99Ms: null },
          series: [slot('18:05', 100, 50), slot('18:50', 10, 0), slot('19:00', 4, 1)],
        },
      ],
    },
  ],
  unreachable: [],
});

describe('the drawing of contention', () => {
  it('the columns end with that of now, and as many are there as the window has', () => {
    const columns = columnsOf(TAKEN_AT, 15);
    expect(columns.map((one) => new Date(one).toISOString().slice(17, 19))).toEqual(['50', '55', '00']);
    expect(columnsOf(TAKEN_AT, 60)).toHaveLength(12);
  });

  it('attempts are in the column in which they were made, and none outside of the window', () => {
    const series = [slot('18:40', 9, 9), slot('18:50', 10, 3), slot('19:00', 5, 0)];
    const [row] = heatOf(contention(hot({ series })), 15).rows;
    expect(row?.cells.map(({ attempts, lost }) => [attempts, lost])).toEqual([
      [10, 3],
      [0, 0],
      [5, 0],
    ]);
    expect(row).toMatchObject({ attempts: 15, lost: 3 });
    expect(row?.cells.map(({ share, shade, width }) => [share, shade, width])).toEqual([
      [0.3, 4, 1],
      [null, 0, 0],
      [0, 0, 0.5],
    ]);
  });

  it.each([
    [null, 0],
    [0, 0],
    [0.05, 1],
    [0.1, 2],
    [0.2, 3],
    [0.201, 4],
  ] as const)('the shade of the share %j is %d', (share, shade) => expect(shadeOf(share)).toBe(shade));

  it('five seconds in which some locked the key are no calm ones, however it is taken now', () => {
    const series = [slot('18:50', 10, 3), slot('18:55', 10, 1, 6), slot('19:00', 5, 0, 5)];
    const locked = heatOf(contention(hot({ series })), 15).rows[0]?.cells.map(({ isLocked }) => isLocked);
    expect(locked).toEqual([false, true, true]);
  });

  it('keys that are locked come first, then those that lost most', () => {
    const keys = [
      hot({ key: 'a', series: [slot('19:00', 10, 2)] }),
      hot({ key: 'b', series: [slot('19:00', 10, 5)] }),
      hot({ key: 'c', strategy: 'locked', share: null }),
    ];
    expect(heatOf(contention(...keys), 60).rows.map(({ sel }) => sel)).toEqual([
      ...['inventory/Stock/c', 'inventory/Stock/b', 'inventory/Stock/a'],
    ]);
  });

  it('the writes of an entity are those of the window', () => {
    const sumIn = (seconds: number) => entitiesOf(contention(), seconds).map(({ attempts, lost }) => [attempts, lost]);
    expect([sumIn(60), sumIn(15)]).toEqual([[[114, 51]], [[14, 1]]]);
  });
});
