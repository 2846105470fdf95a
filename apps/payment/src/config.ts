import { type Config, declare, integer, text, url } from '@backstep/service';
import { messagingConfig } from '@backstep/service-messaging';

/** Secret and restricted keys of Stripe's test mode and of its sandboxes. */
const TEST_KEY = /^[rs]k_test_\w+$/;

export const PAYMENT_CONFIG = {
  ...messagingConfig,
  ...declare({
    STRIPE_API_BASE: {
      schema: url('http', 'https'),
      default: 'http://127.0.0.1:3006',
      description: 'Where the provider is: the stand-in, or https://api.stripe.com',
    },
    STRIPE_SECRET_KEY: {
      schema: text({ max: 255 }).regex(
        TEST_KEY,
        'a test key of Stripe, which begins with sk_test_ or rk_test_: this service moves no real money',
      ),
      default: 'sk_test_backstep',
      description: "The provider's secret key, of its test mode (sk_test_…); a live key is refused",
      secret: true,
    },
    STRIPE_WEBHOOK_SECRET: {
      schema: text({ max: 255 }),
      default: '',
      description: "What the provider's webhooks are signed with (whsec_…). When it is not set, none is believed",
      secret: true,
    },
    IDEMPOTENCY_RETAIN_DAYS: {
      schema: integer({ min: 1, max: 365 }),
      default: 7,
      unit: 'days',
      description: 'How long an Idempotency-Key is remembered',
    },
  }),
};
export type PaymentConfig = Config<typeof PAYMENT_CONFIG>;
