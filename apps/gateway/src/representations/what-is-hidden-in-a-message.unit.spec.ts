import { expect, it } from '@jest/globals';
import { shownText } from './shown-text.js';
import { withoutSecrets } from './without-secrets.js';

/** Goal: evidence shows what happened, not who it happened to nor how they pay. */
const HIDDEN = '[redacted]';

it('a secret is hidden wherever it lies, and what is none is shown', () => {
  const value = {
    orderId: 'o',
    lines: [{ sku: 'TEA', clientSecret: 's' }],
    paymentMethod: 'pm_1',
    reason: null,
    token: null,
  };
  expect(withoutSecrets(value)).toEqual({
    ...{
      orderId: 'o',
      lines: [{ sku: 'TEA', clientSecret: HIDDEN }],
      paymentMethod: HIDDEN,
      reason: null,
      token: null,
    },
  });
});

it('of an address the country is shown alone', () => {
  const value = { shippingAddress: { name: 'Ada', line1: '1 Way', country: 'DE', more: { city: 'Berlin' } } };
  expect(withoutSecrets(value)).toEqual({
    shippingAddress: { name: HIDDEN, line1: HIDDEN, country: 'DE', more: { city: HIDDEN } },
  });
});

it('a text that is no JSON, and what lies too deep, has its secrets hidden', () => {
  expect(withoutSecrets('{"paymentMethod":"pm_card_visa"')).not.toContain('pm_card_visa');
  let deep: unknown = 'x';
  for (let level = 0; level < 40; level++) deep = { deep };
  expect(JSON.stringify(withoutSecrets(deep))).toContain(HIDDEN);
});

it('a text in which nothing is hidden is shown as it came, and JSON with a secret in it without that alone', () => {
  for (const text of ['{ "orderId" : "o",\n"lines": [1.50] }', '{"orderId":', '"bread"', '7', ''])
    expect(shownText(text)).toBe(text);
  expect(
    shownText(
      '{ "total": 1, "paymentMethod": "pm_card_visa", "shippingAddress": { "line1": "1 Way", "country": "DE" } }',
    ),
  ).toBe(`{"total":1,"paymentMethod":"${HIDDEN}","shippingAddress":{"line1":"${HIDDEN}","country":"DE"}}`);
  expect(shownText('{"paymentMethod":"pm_card_visa"')).not.toContain('pm_card_visa');
});
