import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hours, milliseconds, minutes, seconds } from './durations.js';
import { ASK_AGAIN_AFTER, PERSISTENT_RETRY, waitFor } from './patience.js';

/** Goal: an answer always gets its full time, pauses grow to a cap, and the jitter is full. */
const patience = { wait: seconds(10), attempts: 5, backoff: seconds(1), maxBackoff: seconds(3) };
const almost1 = () => 0.999_999;

describe('the patience with a silent participant', () => {
  it('doubles its pauses up to the cap, and leaves the last one out', () => {
    expect([1, 2, 3, 4, 5].map((attempt) => waitFor(patience, attempt, almost1))).toEqual([
      10_999, 11_999, 12_999, 12_999, 10_000,
    ]);
  });

  it('never waits shorter than the answer is due, nor longer than the cap beyond', () => {
    const anything = fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, random) => {
        const wait = waitFor({ ...patience, attempts: 10_000 }, attempt, () => random);
        return wait >= patience.wait && wait <= patience.wait + patience.maxBackoff && Number.isSafeInteger(wait);
      },
    );
    fc.assert(anything);
  });

  it('outlasts an outage of an hour where there is no way back', () => {
    const persistent = { wait: ASK_AGAIN_AFTER, ...PERSISTENT_RETRY };
    const total = Array.from({ length: persistent.attempts }, (_, at) => waitFor(persistent, at + 1, () => 0.5));
    expect(total.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(hours(1));
  });

  it('is said in units', () => {
    expect([milliseconds(5), seconds(1), minutes(1), hours(1)]).toEqual([5, 1000, 60_000, 3_600_000]);
  });
});
