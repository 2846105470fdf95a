import { loadConfig } from '@backstep/service';
import { describe, expect, it } from '@jest/globals';
import { PAYMENT_CONFIG } from './config.js';

/** Goal: the shop moves no real money, whatever its owner has in the environment. Method: the service's own declaration is read. */
const load = (STRIPE_SECRET_KEY: string) =>
  loadConfig(PAYMENT_CONFIG, {
    DATABASE_URL: 'postgres://localhost/x',
    KAFKA_BROKERS: 'localhost:1',
    STRIPE_SECRET_KEY,
  });

describe('the secret key of the provider', () => {
  it.each(['sk_test_51Hq', 'rk_test_51Hq', ''])('a key of the test mode, or none, is taken: "%s"', (key) => {
    expect(load(key).STRIPE_SECRET_KEY).toMatch(/^[rs]k_test_/);
  });

  it.each(['sk_live_51Hq', 'rk_live_51Hq', 'sk_org_live_51Hq', 'pk_test_51Hq', ' sk_test_51Hq', 'whsec_51Hq'])(
    'a key that is live, or no secret key, is refused before the service starts, and is not shown: "%s"',
    (key) => {
      const refusal = (() => {
        try {
          load(key);
          return 'nothing';
        } catch (error) {
          return (error as Error).message;
        }
      })();
      expect(refusal).toMatch(/^STRIPE_SECRET_KEY is wrong: expected a test key of Stripe/);
      expect(refusal).not.toContain('51Hq');
    },
  );
});
