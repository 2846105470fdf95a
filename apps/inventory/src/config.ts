import { declare, integer, type Config, type PlatformConfig } from '@backstep/service';
import { messagingConfig } from '@backstep/service-messaging';

export const INVENTORY_CONFIG = declare({
  ...messagingConfig,
  ANNOUNCE_PRODUCTS_EVERY_MS: {
    schema: integer({ min: 1_000, max: 86_400_000 }),
    default: 600_000,
    unit: 'ms',
    description:
      'All products are told again so often, a hundred a turn: a copy of the prices that was lost is whole again',
  },
  IDEMPOTENCY_RETAIN_DAYS: {
    schema: integer({ min: 1, max: 365 }),
    default: 7,
    unit: 'days',
    description: 'How long an Idempotency-Key is remembered',
  },
});

export type InventoryConfig = Config<typeof INVENTORY_CONFIG> & PlatformConfig;
