import { type Config, declare } from './config.js';
import { hosts, integer, oneOf, port, text, token } from './values.js';

/** From the least important to the most. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The variables that every service has. `runService` adds them to the service's own. `defaultPort` comes from the service. */
export const platformConfig = (defaultPort: number) =>
  declare({
    PORT: { schema: port(), default: defaultPort, description: 'Where this service listens for HTTP', own: true },
    HOST: {
      schema: text({ max: 255 }),
      default: '127.0.0.1',
      description: 'The address it listens on; 0.0.0.0 opens it to the network, and needs a token',
    },
    ALLOWED_HOSTS: {
      schema: hosts(),
      default: [],
      description:
        "Further names that a request's `Host` may have, divided by commas. Its own addresses and the service's name always may",
    },
    OPERATOR_TOKEN: {
      schema: token(),
      default: '',
      secret: true,
      description: "The bearer token that operators' functions need. When it is not set, they need none",
    },
    SERVICE_TOKEN: {
      schema: token(),
      default: '',
      secret: true,
      description: 'The bearer token between services. When it is not set, `OPERATOR_TOKEN`, where that is set',
    },
    INSECURE: {
      schema: oneOf('0', '1'),
      default: '0',
      description:
        '1 lets the service listen beyond this machine without a token: something else must keep strangers away',
    },
    INSTANCE_ID: {
      schema: text({ max: 100 }),
      default: '',
      description:
        'The running system that this process belongs to. `/health/live` shows it, so that commands know their own',
    },
    LOG_LEVEL: {
      schema: oneOf(...LOG_LEVELS),
      default: 'info',
      description: 'The least important line that is logged',
    },
    SHUTDOWN_GRACE_MS: {
      schema: integer({ min: 0, max: 600_000 }),
      default: 4_000,
      unit: 'ms',
      description: 'How long a stopping service may take to finish what it has begun before it is ended',
    },
    DRAIN_DELAY_MS: {
      schema: integer({ min: 0, max: 60_000 }),
      default: 0,
      unit: 'ms',
      description: 'How long a stopping service still accepts requests while it says that it is not ready',
    },
  });

/** The values of {@link platformConfig}. */
export type PlatformConfig = Config<ReturnType<typeof platformConfig>>;
