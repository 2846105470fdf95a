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
});

export type InventoryConfig = Config<typeof INVENTORY_CONFIG> & PlatformConfig;
