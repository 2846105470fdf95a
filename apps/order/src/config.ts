import { declare, integer, type Config, type PlatformConfig } from '@backstep/platform';
import { messagingConfig } from '@backstep/platform/messaging';

export const ORDER_CONFIG = declare({
  ...messagingConfig,
  ANNOUNCE_AGAIN_AFTER_MS: {
    schema: integer({ min: 1_000, max: 3_600_000 }),
    default: 60_000,
    unit: 'ms',
    description: 'An order still pending after this time is announced again: its message, or its saga, may be lost',
  },
  IDEMPOTENCY_RETAIN_DAYS: {
    schema: integer({ min: 1, max: 365 }),
    default: 7,
    unit: 'days',
    description: 'How long an Idempotency-Key is remembered',
  },
});

export type OrderConfig = Config<typeof ORDER_CONFIG> & PlatformConfig;
