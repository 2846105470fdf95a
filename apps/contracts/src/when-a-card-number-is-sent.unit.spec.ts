import { describe, expect, it } from '@jest/globals';
import { RequestedAddress, RequestedPaymentMethod } from './fields.js';

/** Goal: no card number passes a door of the shop, and none is repeated to whoever sent it. */
describe('a door', () => {
  const address = { name: 'Ada', line1: '1 Way', city: 'Berlin', postalCode: '10115', country: 'DE' };
  const refusal = (schema: { safeParse(value: unknown): { error?: unknown } }, value: unknown): string =>
    JSON.stringify(schema.safeParse(value).error ?? 'accepted');

  it.each(['name', 'line1', 'city', 'postalCode'])(
    'a card number in the %s of an address is refused and not repeated',
    (field) => {
      const said = refusal(RequestedAddress, { ...address, [field]: '4222 2222 22222' });
      expect(said).toContain('must not contain a card number');
      expect(said).not.toContain('2222');
    },
  );

  it.each(['4242424242424242', 'pm_4242424242424242', 'visa', 'pm_', 'pm_card visa', 'pm_card_visa\n'])(
    'the payment method %j is refused',
    (method) => {
      const said = refusal(RequestedPaymentMethod, method);
      expect(said).not.toBe('"accepted"');
      expect(said).not.toContain('4242');
    },
  );

  it('a payment method of the provider is accepted', () => {
    for (const method of ['pm_card_visa', 'pm_1PgafmB7WZ01zgkWXXXXXXXX', 'pm_card_chargeDeclined'])
      expect(RequestedPaymentMethod.parse(method)).toBe(method);
  });
});
