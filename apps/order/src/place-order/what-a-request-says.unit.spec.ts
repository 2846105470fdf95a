import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { requestHash } from '../idempotency/request-hash.js';
import { WAIT_MAX_SECONDS, waitSecondsOf } from './prefer-wait.js';

/** Goal: bodies that mean the same hash the same, others do not; a preference is understood or ignored, never an error. */
describe('the hash of a request', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([name, member]) => [name, shuffled(member)]),
    );
  };
  // Through JSON, as every request has come.
  const body = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

  it('does not depend on the order of members', () => {
    fc.assert(fc.property(body, (value) => expect(requestHash(shuffled(value))).toBe(requestHash(value))));
  });

  it('is the same only for what is the same', () => {
    fc.assert(
      fc.property(body, body, (a, b) => {
        fc.pre(!isDeepStrictEqual(a, b));
        expect(requestHash(a)).not.toBe(requestHash(b));
      }),
    );
  });

  it('depends on the order of a list: lines are a list', () => {
    expect(requestHash({ items: [1, 2] })).not.toBe(requestHash({ items: [2, 1] }));
  });
});

describe('Prefer: wait', () => {
  it.each([
    ['wait=5', 5],
    ['respond-async, wait=10', 10],
    ['WAIT = "7"', 7],
    ['handling=strict; wait=2', 2],
    ['wait=600', WAIT_MAX_SECONDS],
    ['wait=-1', 0],
    ['wait=soon', 0],
    ['await=5', 0],
    ['', 0],
    [undefined, 0],
  ])('%p waits %d s', (header, seconds) => {
    expect(waitSecondsOf(header)).toBe(seconds);
  });

  it('is within bounds, whatever is sent', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.nat().map((n) => `wait=${n}`),
        ),
        (header) => {
          const seconds = waitSecondsOf(header);
          expect(Number.isInteger(seconds) && seconds >= 0 && seconds <= WAIT_MAX_SECONDS).toBe(true);
        },
      ),
    );
  });
});
