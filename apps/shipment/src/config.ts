import { declare, integer, type Config, type PlatformConfig } from '@backstep/service';
import { messagingConfig } from '@backstep/service-messaging';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

export const SHIPMENT_CONFIG = declare({
  ...messagingConfig,
  CARRIER_HANDS_OVER_AFTER_MS: {
    schema: integer({ min: 0, max: YEAR_MS }),
    default: 3_600_000,
    unit: 'ms',
    description: 'The carrier takes a parcel so long after its shipment was created; until then it can be cancelled',
  },
  CARRIER_DELIVERS_AFTER_MS: {
    schema: integer({ min: 0, max: YEAR_MS }),
    default: 86_400_000,
    unit: 'ms',
    description: 'The carrier delivers a parcel so long after it was handed over',
  },
  IDEMPOTENCY_RETAIN_DAYS: {
    schema: integer({ min: 1, max: 365 }),
    default: 7,
    unit: 'days',
    description: 'How long an Idempotency-Key is remembered',
  },
});

export type ShipmentConfig = Config<typeof SHIPMENT_CONFIG> & PlatformConfig;
