import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OrderLoad } from './order-load.js';

/** Goal: what would wait too long is refused, nothing else is, and an outage refuses nothing. */
const LIMITS = { pendingMax: 100, waitMaxMs: 5_000 };
const SECOND = 1_000;
let load: OrderLoad;
beforeEach(() => {
  load = new OrderLoad(LIMITS);
});

const place = (count: number): void => {
  for (let n = 0; n < count; n++) load.placed();
};
/** Offers orders each second and ends as many as can be. @returns how many were let in in each second */
function run(seconds: number, { offered, ended }: { offered: number; ended: number }, from = 0): number[] {
  return Array.from({ length: seconds }, (_, second) => {
    const now = (from + second) * SECOND;
    let taken = 0;
    for (let n = 0; n < offered; n++) {
      if (load.isTooMuch(now)) continue;
      load.placed();
      taken++;
    }
    load.ended(ended, now);
    return taken;
  });
}

describe('what comes', () => {
  it('an order is admitted while few are pending, however slowly they end', () => {
    load.ended(1, 0);
    place(LIMITS.pendingMax - 1);
    expect(load.isTooMuch(0)).toBe(false);
    place(1);
    expect(load.isTooMuch(0)).toBe(true);
  });

  it('an order is admitted behind many pending ones that end soon', () => {
    load.ended(1_000, 0);
    place(999);
    expect(load.isTooMuch(SECOND)).toBe(false);
    place(1);
    expect(load.isTooMuch(SECOND)).toBe(true);
  });

  it('an order is admitted when no order ends: a dependency is away, and accepted orders end when it is back', () => {
    place(10_000);
    expect(load.isTooMuch(0)).toBe(false);
    load.ended(1, 0);
    expect(load.isTooMuch(0)).toBe(true);
    expect(load.isTooMuch(LIMITS.waitMaxMs + 2 * SECOND)).toBe(false);
  });

  it('as many orders are admitted as end, under a long overload', () => {
    const taken = run(60, { offered: 800, ended: 200 });
    for (const count of taken.slice(30)) expect(count).toBe(200);
    expect(run(10, { offered: 150, ended: 200 }, 60).slice(2)).toEqual(Array.from({ length: 8 }, () => 150));
  });

  it('an admitted order never waits longer than its bound, whatever comes and whatever ends', () => {
    const offers = fc.record({ offered: fc.nat(2_000), ended: fc.integer({ min: 21, max: 1_000 }) });
    fc.assert(
      fc.property(offers, ({ offered, ended }) => {
        load = new OrderLoad(LIMITS);
        const taken = run(40, { offered, ended }).reduce((sum, count) => sum + count, 0);
        // The first second has nothing to go by; after it, five seconds of what ends.
        expect(taken - 40 * ended).toBeLessThanOrEqual(Math.max(LIMITS.pendingMax, 5 * ended, offered));
      }),
    );
  });
});

describe('what the database says', () => {
  it('a count of the database replaces the estimate, except for orders placed meanwhile', () => {
    load.ended(1, 0);
    place(LIMITS.pendingMax);
    load.look();
    place(10);
    load.saw(5);
    expect(load.isTooMuch(0)).toBe(false);
    place(LIMITS.pendingMax - 15);
    expect(load.isTooMuch(0)).toBe(true);
  });
});
