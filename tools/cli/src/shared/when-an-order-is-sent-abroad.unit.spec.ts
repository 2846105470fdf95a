import { describe, expect, it } from '@jest/globals';
import { sampleAddress } from './sample-address.js';

/** Goal: a sample order goes to an address that could be one of its country. */
describe('a sample address', () => {
  it.each([
    ['DE', '12 Unter den Linden, 10117 Berlin, DE'],
    ['aq', 'McMurdo Station, 96599 Ross Island, AQ'],
    ['JP', 'Poste restante, 00000 Japan, JP'],
    ['zz', 'Poste restante, 00000 Unknown Region, ZZ'],
    ['Germany', 'Poste restante, 00000 Germany, GERMANY'],
  ])('a sample address of %s is made for that country', (country, expected) => {
    const { line1, postalCode, city, country: code } = sampleAddress(country);
    expect(`${line1}, ${postalCode} ${city}, ${code}`).toBe(expected);
  });
});
