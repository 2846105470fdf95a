import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holdsCardNumber } from './card-number.js';
import { RequestedAddress, RequestedPaymentMethod } from './fields.js';
import { newId } from './new-id.js';

/** Goal: no card number passes a door, however it is written. Method: the test numbers of the card schemes, and properties. */
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
/** A number with its check digit, by the table, so as not to test the code with itself. */
function withCheckDigit(body: string): string {
  const sum = [...body].reverse().reduce((all, digit, at) => all + (at % 2 === 0 ? DOUBLED[+digit]! : +digit), 0);
  return body + String((10 - (sum % 10)) % 10);
}
const card = fc.stringMatching(/^[2-9]\d{11,17}$/).map(withCheckDigit);

describe('a text that holds a card number is found', () => {
  it.each(CARDS)('%s', (number) => {
    expect(holdsCardNumber(number)).toBe(true);
    for (const between of [' ', '-', '.', '\u00a0', '\u2013', '/', ' - '.slice(0, 2)]) {
      expect(holdsCardNumber(number.replaceAll(/(\d{4})(?=\d)/g, `$1${between}`))).toBe(true);
    }
  });

  it('whatever stands around it, and in digits of full width', () => {
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

describe('what is none is let pass', () => {
  it.each([
    '4242424242424241',
    '12 St James Square',
    'SW1Y 4JH',
    '+49 30 1234567',
    'INC-2026-11-27 at 12:35',
    `order-${Date.UTC(2030, 0, 1)}`,
    'pm_card_visa',
  ])('%s', (text) => expect(holdsCardNumber(text)).toBe(false));

  it('no UUID is one', () => {
    fc.assert(fc.property(fc.uuid(), (id) => expect(holdsCardNumber(id)).toBe(false)));
    expect(holdsCardNumber('42424242-4242-4242-4242-424242424242')).toBe(false);
    expect(holdsCardNumber(newId())).toBe(false);
  });
});

describe('a door', () => {
  const address = { name: 'Ada', line1: '1 Way', city: 'Berlin', postalCode: '10115', country: 'DE' };
  const refusal = (schema: { safeParse(value: unknown): { error?: unknown } }, value: unknown): string =>
    JSON.stringify(schema.safeParse(value).error ?? 'accepted');

  it.each(['name', 'line1', 'city', 'postalCode'])(
    'refuses one in the %s of an address, and does not repeat it',
    (field) => {
      const said = refusal(RequestedAddress, { ...address, [field]: '4222 2222 22222' });
      expect(said).toContain('must not contain a card number');
      expect(said).not.toContain('2222');
    },
  );

  it.each(['4242424242424242', 'pm_4242424242424242', 'visa', 'pm_', 'pm_card visa', 'pm_card_visa\n'])(
    'refuses the payment method %j',
    (method) => {
      const said = refusal(RequestedPaymentMethod, method);
      expect(said).not.toBe('"accepted"');
      expect(said).not.toContain('4242');
    },
  );

  it('takes what the payment provider calls a card', () => {
    for (const method of ['pm_card_visa', 'pm_1PgafmB7WZ01zgkWXXXXXXXX', 'pm_card_chargeDeclined'])
      expect(RequestedPaymentMethod.parse(method)).toBe(method);
  });
});
