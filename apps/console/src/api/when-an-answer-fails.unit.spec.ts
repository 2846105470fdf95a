import { describe, expect, it } from '@jest/globals';
import { shouldRetry } from './queries.js';
import { ProblemError } from './read.js';

/** Goal: a page asks again by itself where that may help, and does not keep its reader waiting where it does not. */
const failed = (status: number, afterMs: number): ProblemError =>
  new ProblemError(status, { title: 'No' }, undefined, afterMs);

describe('a reading that has failed', () => {
  it('a reading that failed at once is repeated twice', () => {
    expect([0, 1, 2].map((count) => shouldRetry(count, failed(503, 20)))).toEqual([true, true, false]);
    expect(shouldRetry(0, failed(0, 20))).toBe(true);
  });

  it('a reading that is refused is not repeated', () => {
    expect([400, 404, 429].map((status) => shouldRetry(0, failed(status, 20)))).toEqual([false, false, false]);
  });

  it('a reading that failed after a long wait is told, not repeated', () => {
    expect(shouldRetry(0, failed(503, 10_000))).toBe(false);
    expect(shouldRetry(0, failed(0, 15_000))).toBe(false);
  });
});
