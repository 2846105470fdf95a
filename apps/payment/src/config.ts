import { type Config, declare, integer, text, url } from '@backstep/service';
import { messagingConfig } from '@backstep/service-messaging';

export const PAYMENT_CONFIG = {
  ...messagingConfig,
  ...declare({
    STRIPE_API_BASE: {
      schema: url('http', 'https'),
      default: 'http://127.0.0.1:3006',
      description: 'Where the provider is: the stand-in, or https://api.stripe.com',
    },
    STRIPE_SECRET_KEY: {
      schema: text({ max: 255 }),
      default: 'sk_test_backstep',
      description: "The provider's secret key; use a test key (sk_test_…)",
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
