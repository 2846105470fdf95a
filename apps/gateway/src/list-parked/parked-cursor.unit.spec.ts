import { describe, expect, it } from '@jest/globals';
import { SERVICES } from '@backstep/contracts';
import fc from 'fast-check';
import { formatPlace, ParkedCursor } from './parked-cursor.js';

describe('a place in the list over all services', () => {
  it('a cursor is read as it was written', () => {
    const place = fc.record(
      { service: fc.constantFrom(...SERVICES), cursor: fc.stringMatching(/^parked\.[1-9]\d{0,17}$/) },
      { requiredKeys: ['service'] },
    );
    fc.assert(fc.property(place, (one) => expect(ParkedCursor.parse(formatPlace(one))).toEqual(one)));
  });

  it('a text that is no cursor is refused', () => {
    const reads = (text: string): boolean => ParkedCursor.safeParse(text).success;
    expect(reads('nonsense')).toBe(false);
    expect(reads('everywhere.bakery')).toBe(false);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(reads(text)).toBe(false);
        expect(reads(`everywhere.order.${text}`)).toBe(false);
      }),
    );
  });
});
