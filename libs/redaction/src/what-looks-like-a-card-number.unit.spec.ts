import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holdsCardNumber } from './card-number.js';

/** Goal: a card number is found however it is written. Method: the test numbers of the card schemes, and properties. */
const CARDS = [
  '4242424242424242',
  '4222222222222',
  '378282246310005',
  '30569309025904',
  '6011111111111117',
  '3530111333300000',
  '5555555555554444',
  '2223003122003222',
  '6205500000000000004',
];

const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
/** A number with its check digit, computed by a table, so that the code is not tested with itself. */
function withCheckDigit(body: string): string {
  const sum = [...body].reverse().reduce((all, digit, at) => all + (at % 2 === 0 ? DOUBLED[+digit]! : +digit), 0);
  return body + String((10 - (sum % 10)) % 10);
}
const card = fc.stringMatching(/^[2-9]\d{11,17}$/).map(withCheckDigit);

describe('a text with a card number', () => {
  it.each(CARDS)('the card number %s is found, whole and in groups', (number) => {
    expect(holdsCardNumber(number)).toBe(true);
    for (const between of [' ', '-', '.', '\u00a0', '\u2013', '/', ' - '.slice(0, 2)]) {
      expect(holdsCardNumber(number.replaceAll(/(\d{4})(?=\d)/g, `$1${between}`))).toBe(true);
    }
  });

  it('a card number is found with text around it, in digits of full width and with zero-width spaces', () => {
    fc.assert(
      fc.property(
        card,
        fc.stringMatching(/^[A-Za-z ,:]{0,10}$/),
        fc.stringMatching(/^[A-Za-z ,:]{0,10}$/),
        (number, a, b) => {
          expect(holdsCardNumber(a + number + b)).toBe(true);
          const wide = [...number].map((digit) => String.fromCharCode(0xff10 + Number(digit))).join('');
          expect(holdsCardNumber(a + wide + b)).toBe(true);
          expect(holdsCardNumber(`${number.slice(0, 6)}\u200b${number.slice(6)}`)).toBe(true);
        },
      ),
    );
    expect(holdsCardNumber('House 5 4242 4242 4242 4242 10115')).toBe(true);
  });
});

describe('a text without a card number', () => {
  it.each([
    '4242424242424241',
    '12 St James Square',
    'SW1Y 4JH',
    '+49 30 1234567',
    'INC-2026-11-27 at 12:35',
    `order-${Date.UTC(2030, 0, 1)}`,
    'pm_card_visa',
  ])('a text without a card number passes: %s', (text) => expect(holdsCardNumber(text)).toBe(false));

  it('a UUID does not count as a card number', () => {
    fc.assert(fc.property(fc.uuid(), (id) => expect(holdsCardNumber(id)).toBe(false)));
    expect(holdsCardNumber('42424242-4242-4242-4242-424242424242')).toBe(false);
    expect(holdsCardNumber('019a3f5e-7c00-7a10-8a01-5d2f6c1b9e00')).toBe(false);
  });
});
