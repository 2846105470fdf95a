import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withoutSecrets } from './without-secrets.js';

/** Goal: no password that the environment holds is shown unasked, wherever in an address it stands, and all else is as it was. */
describe('when an environment is shown', () => {
  it.each([
    [
      'postgres://backstep_order:sesame@127.0.0.1:54320/backstep_order',
      'postgres://backstep_order:***@127.0.0.1:54320/backstep_order',
    ],
    ['postgres://role:p@ss/w@host/db', 'postgres://role:***@host/db'],
    [
      'postgresql://role@host/db?password=sesame&sslmode=require',
      'postgresql://role@host/db?password=***&sslmode=require',
    ],
    ['https://user:sesame@gateway/v1', 'https://user:***@gateway/v1'],
    ["host=a user=b password='open sesame' dbname=c", 'host=a user=b password=*** dbname=c'],
    ['postgres://:sesame@host/db', 'postgres://:***@host/db'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['127.0.0.1:9092', '127.0.0.1:9092'],
    ['postgres://role@127.0.0.1:5432/db', 'postgres://role@127.0.0.1:5432/db'],
  ])('the address %s is shown as %s', (address, shown) => expect(withoutSecrets(address)).toBe(shown));

  it('secrets are hidden at every depth, and other values stay', () => {
    const environment = {
      databases: { order: 'postgres://a:b@c/d' },
      kafka: { brokers: ['u:p'] },
      processes: { order: [7] },
    };
    expect(withoutSecrets(environment)).toEqual({ ...environment, databases: { order: 'postgres://a:***@c/d' } });
  });

  it('a password of any characters is hidden', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[^\s]{8,30}$/), (password) => {
        for (const written of [password, encodeURIComponent(password)])
          expect(withoutSecrets(`postgres://role:${written}@host/db`)).toBe('postgres://role:***@host/db');
      }),
    );
  });
});
