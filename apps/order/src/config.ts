import { declare, integer, type Config, type PlatformConfig } from '@backstep/service';
import { messagingConfig } from '@backstep/service-messaging';

export const ORDER_CONFIG = declare({
  ...messagingConfig,
  ANNOUNCE_AGAIN_AFTER_MS: {
    schema: integer({ min: 1_000, max: 3_600_000 }),
    default: 60_000,
    unit: 'ms',
    description: 'An order still pending after this time is announced again: its message, or its saga, may be lost',
  },
  PENDING_ORDERS_MAX: {
    schema: integer({ min: 1, max: 1_000_000 }),
    default: 2_000,
    unit: 'orders',
    description:
      'Orders of the last minute that may be pending; beyond them an order is refused with 503, unless so many end within PENDING_MAX_MS',
  },
  PENDING_MAX_MS: {
    schema: integer({ min: 1_000, max: 60_000 }),
    default: 5_000,
    unit: 'ms',
    description: 'How long an order may have to wait for those before it, at the rate at which orders end',
  },
  IDEMPOTENCY_RETAIN_DAYS: {
    schema: integer({ min: 1, max: 365 }),
    default: 7,
    unit: 'days',
    description: 'How long an Idempotency-Key is remembered',
  },
});

export type OrderConfig = Config<typeof ORDER_CONFIG> & PlatformConfig;
