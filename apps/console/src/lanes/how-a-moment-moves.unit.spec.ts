import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { playedTo } from './playing.js';

/** Goal: what is played takes as long as it took, times the speed, and nobody waits for a pause that is folded. Method: the pure moment. */
const PAUSES = [{ from: 1_000, to: 601_000 }];
const pauses = fc
  .uniqueArray(fc.integer({ min: 0, max: 100_000 }), { minLength: 0, maxLength: 10 })
  .map((times) => [...times].sort((a, b) => a - b))
  .map((times) =>
    times.flatMap((from, index) => (index % 2 === 0 && times[index + 1] ? [{ from, to: times[index + 1] ?? 0 }] : [])),
  );

it.each([
  [1, 400],
  [10, 4_000],
  [0.1, 40],
])('without a pause, 400 ms at ×%s are %d ms of the order', (speed, shown) => {
  expect(playedTo(0, 400, speed, [])).toBe(shown);
});

it('a folded pause of ten minutes is played in half a second, and then it goes on', () => {
  expect(playedTo(0, 1_000, 1, PAUSES)).toBe(1_000);
  expect(playedTo(0, 1_250, 1, PAUSES)).toBe(301_000);
  expect(playedTo(0, 1_500, 1, PAUSES)).toBe(601_000);
  expect(playedTo(0, 1_520, 1, PAUSES)).toBe(601_020);
});

it('who begins within a pause waits for the rest of it alone', () => {
  expect(playedTo(301_000, 250, 1, PAUSES)).toBe(601_000);
  expect(playedTo(700_000, 10, 1, PAUSES)).toBe(700_010);
});

it('a short pause takes no longer than it took', () => {
  expect(playedTo(0, 60, 10, [{ from: 100, to: 600 }])).toBe(600);
});

it('the moment never goes back, whatever the pauses and the speed', () => {
  const times = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(pauses, times, times, times, fc.constantFrom(0.1, 1, 10), (all, from, one, other, speed) => {
      const [early, late] = [Math.min(one, other), Math.max(one, other)];
      const [before, after] = [playedTo(from, early, speed, all), playedTo(from, late, speed, all)];
      expect(before).toBeGreaterThanOrEqual(from);
      expect(after).toBeGreaterThanOrEqual(before - 1e-6);
    }),
  );
});
