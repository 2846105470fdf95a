import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backoffMs } from './backoff.js';

/** Goal: whatever the policy, the attempt and the random number, a backoff stays within its bounds and spreads over all of them. */
const policies = fc.record({
  baseMs: fc.integer({ min: 1, max: 10_000 }),
  capMs: fc.integer({ min: 1, max: 600_000 }),
});
const attempts = fc.oneof(fc.nat({ max: 40 }), fc.constantFrom(1_000, 1_000_000, Number.MAX_SAFE_INTEGER));
const dice = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

it('a backoff is never negative, never longer than the cap, nor than base · 2^attempt', () => {
  fc.assert(
    fc.property(policies, attempts, dice, (policy, attempt, random) => {
      const ms = backoffMs(policy, attempt, () => random);
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(policy.capMs);
      expect(ms).toBeLessThanOrEqual(policy.baseMs * 2 ** attempt);
    }),
  );
});

it('a backoff is proportional to the random number: full jitter, not a fixed wait with some noise', () => {
  fc.assert(
    fc.property(policies, attempts, dice, (policy, attempt, random) => {
      const longest = backoffMs(policy, attempt, () => 1);
      expect(backoffMs(policy, attempt, () => random)).toBeCloseTo(longest * random, 6);
      expect(backoffMs(policy, attempt, () => 0)).toBe(0);
    }),
  );
});

it('a thousand backoffs are spread evenly over all of the longest, so that those who lost together do not come back together', () => {
  const longest = 80;
  const quarters = [0, 0, 0, 0];
  for (let n = 0; n < 1_000; n++) {
    const quarter = Math.floor((4 * backoffMs({ baseMs: 5, capMs: 100 }, 4)) / longest);
    quarters[quarter] = (quarters[quarter] ?? NaN) + 1;
  }
  // Of 250 each; a hundred more or fewer are seven standard deviations.
  for (const many of quarters) expect(Math.abs(many - 250)).toBeLessThan(100);
});

it('the longest backoff doubles with each attempt until the cap', () => {
  const longest = [0, 1, 2, 3, 4, 5].map((attempt) => backoffMs({ baseMs: 5, capMs: 100 }, attempt, () => 1));
  expect(longest).toEqual([5, 10, 20, 40, 80, 100]);
});
