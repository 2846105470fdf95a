import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { money } from './money.js';

/** Goal: an amount is shown as its currency is written, and no digit is lost. */
describe('money', () => {
  it.each([
    [2580, 'EUR', '25.80 EUR'],
    [5, 'EUR', '0.05 EUR'],
    [0, 'USD', '0.00 USD'],
    [-129_900, 'USD', '-1,299.00 USD'],
    [1500, 'JPY', '1,500 JPY'],
    [1234, 'KWD', '1.234 KWD'],
  ])('money of %i minor units of %s is shown as %s', (minor, currency, text) =>
    expect(money(minor, currency)).toBe(text),
  );

  it('money keeps every digit', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (minor) => {
        expect(Number(money(minor, 'EUR').replaceAll(/[^\d-]/g, ''))).toBe(minor);
      }),
    );
  });
});
