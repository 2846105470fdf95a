import { describe, expect, it } from '@jest/globals';
import { mayGo, type Place } from './ways.js';

/**
 * Goal: the invariant of an order's states knows that one commit may end a change and begin the next, and nothing beyond that.
 * Method: rows before and after a commit.
 */
type Change = NonNullable<Place['change']>;
const change = (kind: Change['kind'], from: Change['from'], id: string): Change =>
  ({ kind, from, id }) as Partial<Change> as Change;
const at = (status: Place['status'], held: Change | null = null): Place => ({ status, change: held });

const revising = (id: string): Place => at('REVISING', change('revise', 'CONFIRMED', id));
const cancelling = (from: Change['from'], id: string): Place => at('CANCELLING', change('cancel', from, id));

describe('one commit of the order service', () => {
  it.each([
    ['confirms a pending order', at('PENDING'), at('CONFIRMED')],
    ['begins a revision', at('CONFIRMED'), revising('a')],
    ['ends a revision', revising('a'), at('CONFIRMED')],
    ['ends a revision and begins the next', revising('a'), revising('b')],
    ['ends a revision and begins a cancellation', revising('a'), cancelling('CONFIRMED', 'b')],
    ['confirms a pending order and begins a revision', at('PENDING'), revising('a')],
    [
      'refuses a cancellation, as the order is confirmed, and begins a revision',
      cancelling('PENDING', 'a'),
      revising('b'),
    ],
  ])('may be one that %s', (_what, before, after) => {
    expect(mayGo(before, after)).toBe(true);
  });

  it.each([
    ['writes a revision again', revising('a'), revising('a')],
    ['begins a revision of a rejected order', at('REJECTED'), revising('a')],
    ['rejects an order that was confirmed', revising('a'), at('REJECTED')],
    ['makes a confirmed order pending', revising('a'), cancelling('PENDING', 'b')],
    ['begins a change of a cancelled order', at('CANCELLED'), cancelling('CONFIRMED', 'b')],
  ])('may not be one that %s', (_what, before, after) => {
    expect(mayGo(before, after)).toBe(false);
  });
});
