import { describe, expect, it } from '@jest/globals';
import { SERVICES } from '@backstep/contracts';
import fc from 'fast-check';
import { formatPlace, parsePlace } from './parked-cursor.js';

describe('a place in the list over all services', () => {
  it('comes back as it went', () => {
    const place = fc.record(
      { service: fc.constantFrom(...SERVICES), cursor: fc.string({ minLength: 1 }) },
      { requiredKeys: ['service'] },
    );
    fc.assert(fc.property(place, (one) => expect(parsePlace(formatPlace(one))).toEqual(one)));
  });

  it('is not read from anything else', () => {
    expect(parsePlace('nonsense')).toBeUndefined();
    expect(parsePlace(Buffer.from('bakery/1').toString('base64url'))).toBeUndefined();
  });
});
