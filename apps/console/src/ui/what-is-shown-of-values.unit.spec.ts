import { describe, expect, it } from '@jest/globals';
import { moneyText } from './money-text.js';
import { safeText } from './safe-text.js';
import { shortData } from './short-data.js';
import { agoText, spanText, timeText, wholeTimeText } from './time-text.js';

/** Goal: times, spans, money and strangers' text are shown as what they are. Method: values beside their texts. */
describe('values', () => {
  const at = Date.parse('2026-11-27T08:18:51.624Z');

  it('a time has ms, and its day where that is not today', () => {
    expect(timeText(at, 'utc', at + 60_000)).toBe('08:18:51.624');
    expect(timeText(at, 'utc', at + 86_400_000)).toBe('2026-11-27 08:18:51.624');
    expect(wholeTimeText(at, 'utc')).toBe('2026-11-27 08:18:51.624 UTC');
    expect(timeText(Number.NaN, 'utc', at)).toBe('no time');
  });

  it.each([
    [0, '0 ms'],
    [488, '488 ms'],
    [5_000, '5.0 s'],
    [61_000, '1 min'],
    [7_200_000, '2 h'],
  ])('a span of %d ms is %s', (ms, text) => expect(spanText(ms)).toBe(text));

  it('how long ago moves by the second', () => {
    expect(agoText(at, at + 400)).toBe('now');
    expect(agoText(at, at + 3_400)).toBe('3 s ago');
  });

  it.each([
    [2_580, 'EUR', '25.80 EUR'],
    [1_299_00, 'EUR', '1,299.00 EUR'],
    [500, 'JPY', '500 JPY'],
    [-5, 'EUR', '-0.05 EUR'],
    [5, 'not money', '5 not money'],
  ])('%d minor units of %s are %s', (minor, currency, text) => expect(moneyText(minor, currency)).toBe(text));

  it('what cannot be seen, or turns the line around, is shown as its code', () => {
    expect(safeText('a\u202eb\u200bc\u0007')).toBe(String.raw`a\u202eb\u200bc\u0007`);
    expect(safeText('Grüße, 茶, ✓')).toBe('Grüße, 茶, ✓');
  });

  it('what a message says is some words', () => {
    expect(shortData({ orderId: 'x', total: 2_580, currency: 'EUR', items: [{ sku: 'mug-blue', quantity: 2 }] })).toBe(
      'total=25.80 EUR items=mug-blue×2',
    );
    expect(shortData(null)).toBe('(no value)');
    expect(shortData('\u202e')).toBe(String.raw`"\u202e"`);
  });
});
