import { declare, integer, type Config, type PlatformConfig } from '@backstep/service';
import { messagingConfig } from '@backstep/service-messaging';

export const ORCHESTRATOR_CONFIG = declare({
  ...messagingConfig,
  TIMER_POLL_MS: {
    schema: integer({ min: 10, max: 60_000 }),
    default: 1_000,
    unit: 'ms',
    description: 'How often due saga timers are looked for; a timeout is late by at most this',
  },
  SAGA_RETAIN_DAYS: {
    schema: integer({ min: 15, max: 3_650 }),
    default: 90,
    unit: 'days',
    description: 'How long ended sagas are kept; longer than the inbox remembers messages',
  },
});

export type OrchestratorConfig = Config<typeof ORCHESTRATOR_CONFIG> & PlatformConfig;
