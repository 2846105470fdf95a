import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hours, milliseconds, minutes, seconds } from './durations.js';
import { attemptTimeout, PERSISTENT_RETRY, RETRY_AFTER } from './retry-policy.js';

/** Goal: an answer always gets its full time, pauses grow to a cap, and the jitter is full. */
const policy = { timeout: seconds(10), attempts: 5, backoff: seconds(1), maxBackoff: seconds(3) };
const almost1 = () => 0.999_999;

describe('the retry policy of a command', () => {
  it('a retry policy doubles its pauses up to the cap, with no pause after the last attempt', () => {
    expect([1, 2, 3, 4, 5].map((attempt) => attemptTimeout(policy, attempt, almost1))).toEqual([
      10_999, 11_999, 12_999, 12_999, 10_000,
    ]);
  });

  it('an attempt waits at least its timeout, and at most the longest pause more', () => {
    const anything = fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, random) => {
        const wait = attemptTimeout({ ...policy, attempts: 10_000 }, attempt, () => random);
        return wait >= policy.timeout && wait <= policy.timeout + policy.maxBackoff && Number.isSafeInteger(wait);
      },
    );
    fc.assert(anything);
  });

  it('the retry policy of a step without a way back outlasts an outage of an hour', () => {
    const persistent = { timeout: RETRY_AFTER, ...PERSISTENT_RETRY };
    const total = Array.from({ length: persistent.attempts }, (_, at) => attemptTimeout(persistent, at + 1, () => 0.5));
    expect(total.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(hours(1));
  });

  it('durations are written in units and kept in milliseconds', () => {
    expect([milliseconds(5), seconds(1), minutes(1), hours(1)]).toEqual([5, 1000, 60_000, 3_600_000]);
  });
});
