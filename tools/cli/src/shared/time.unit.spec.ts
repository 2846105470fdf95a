import { describe, expect, it } from '@jest/globals';
import { moment, since, span } from './time.js';

describe('times', () => {
  it.each([
    [7, '7 ms'],
    [1250, '1.25 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [356_400_000, '4 d 3 h'],
    [-20, '-20 ms'],
  ])('a span of %i ms is shown as %s', (ms, text) => expect(span(ms)).toBe(text));

  it('a time is shown as later, also when a clock ran backwards', () => {
    expect(since('2026-03-01T12:00:00.000Z', '2026-03-01T12:00:00.007Z')).toBe('+7 ms');
    expect(since('2026-03-01T12:00:00.007Z', '2026-03-01T12:00:00.000Z')).toBe('-7 ms');
    expect(moment('2026-03-01T12:30:05.123Z')).toBe('2026-03-01 12:30:05.123');
  });
});
