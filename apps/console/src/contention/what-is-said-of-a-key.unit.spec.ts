import { describe, expect, it } from '@jest/globals';
import { contentionSearch, keyOf, nextWindow, selOf } from './contention-search.js';
import { declaredText, reasonText } from './reason.js';

/** Goal: a decision is said with what was measured and what that was compared with; an address means what it says. */
const why = { measured: 0.31, threshold: 0.2, attempts: 64, previous: 'optimistic' } as const;

describe('why a key is taken as it is', () => {
  it.each([
    [{ ...why, rule: 'conflicts' }, '31 of 100 writes met a conflict (64 were counted), above 20 of 100'],
    [
      { ...why, rule: 'calm', measured: 0.004, threshold: 0.05, previous: 'locked' },
      '0.4 of 100 writes met another writer (64 were counted), below 5 of 100',
    ],
    [
      { ...why, rule: 'time_over', measured: 5_004, threshold: 5_000, attempts: null, previous: 'locked' },
      'it was locked for 5.0 s, and is tried without locks',
    ],
    [
      { ...why, rule: 'unwanted', measured: 12_000, threshold: 10_000, attempts: null, previous: 'locked' },
      'nobody wanted it for 12 s',
    ],
    [
      { ...why, rule: 'crowded_out', measured: 1_000, threshold: 1_000, attempts: null, previous: 'locked' },
      '1,000 keys conflict, and 1,000 are kept',
    ],
  ] as const)('the decision %j is said as a sentence', (reason, text) => expect(reasonText(reason)).toBe(text));

  it('what its entity declares is said with its numbers', () => {
    expect(declaredText('Stock', { strategy: 'adaptive', enter: 0.15, leave: 0.05 })).toContain(
      'more than 15 of 100 writes meet a conflict, and forgotten below 5 of 100',
    );
    expect(declaredText('Lease', { strategy: 'locked', enter: null, leave: null })).toContain('are locked by whoever');
  });
});

describe('the address of the page', () => {
  it('a key keeps its slashes, and what names no key is left out', () => {
    const name = { service: 'inventory', entity: 'Stock', key: 'a/b' };
    expect(keyOf(selOf(name))).toEqual(name);
    expect(contentionSearch({ sel: 'inventory/Stock', window: '7s' })).toEqual({});
    expect(contentionSearch({ sel: 'inventory/Stock/a', window: '15s' })).toEqual({
      sel: 'inventory/Stock/a',
      window: '15s',
    });
    expect(contentionSearch({ window: '60s' })).toEqual({});
  });

  it('one window follows the other, and after the shortest comes the longest', () => {
    expect([nextWindow(60), nextWindow(30), nextWindow(15)]).toEqual([30, 15, 60]);
  });
});
