import { describe, expect, it } from '@jest/globals';
import { CURRENCIES } from './currencies.js';
import { line } from '@backstep/messages';
import { Currency, RequestedCurrency } from './fields.js';

/** Goal: text that PostgreSQL or a terminal would refuse is refused at the door, by name. */
describe('a line of text', () => {
  it.each(['Ada', 'Åse Ōkami 🦊', ' trimmed '])('a line of text may be %j', (text) => {
    expect(line(20).parse(text)).toBe(text.trim());
  });

  it.each([
    ['nothing', '  '],
    ['a NUL', 'a\u0000b'],
    ['a line break', 'a\nb'],
    ['half a surrogate pair', 'a\ud800b'],
    ['too much', 'x'.repeat(21)],
  ])('a line of text may not be %s', (_, text) => {
    expect(line(20).safeParse(text).success).toBe(false);
  });
});

describe('a currency', () => {
  /** In ISO 4217, and not in the ICU of every Node. */
  const NOT_IN_EVERY_ICU = ['VED', 'XCG', 'ZWG'];

  it.each(['EUR', 'USD', 'JPY', 'KWD', 'XAF'])('the currency of a price may be %s', (code) => {
    expect(RequestedCurrency.parse(code)).toBe(code);
  });

  it.each(['ZZZ', 'EUT', 'XXX', 'XTS', 'XAU', 'DEM', 'eur', 'EURO', ''])(
    'the currency of a price may not be %j, and the error asks for a code instead of listing all',
    (code) => {
      const { error } = RequestedCurrency.safeParse(code);
      expect(error?.issues.map(({ message }) => message)).toEqual(['must be an ISO 4217 code such as EUR']);
    },
  );

  it('the currency of a message may be any code, so that old messages stay readable', () => {
    for (const code of ['XXX', 'DEM', 'ZZZ']) expect(Currency.parse(code)).toBe(code);
  });

  it('the list of currencies has only codes that Node knows, each once and sorted', () => {
    const known = new Set([...Intl.supportedValuesOf('currency'), ...NOT_IN_EVERY_ICU]);
    expect(CURRENCIES.filter((code) => !known.has(code))).toEqual([]);
    expect(CURRENCIES).toEqual([...new Set(CURRENCIES)].sort());
  });
});
