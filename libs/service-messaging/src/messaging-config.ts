import {
  declare,
  flag,
  hostPorts,
  integer,
  kafkaSecurityConfig,
  text,
  url,
  type KafkaSecurityConfig,
} from '@backstep/service';
import { KAFKA_RETENTION_DAYS, LINGER_MAX_MS } from '@backstep/messaging';

/** The environment variables of a service with a database of its own and messaging. */
export const messagingConfig = declare({
  DATABASE_URL: {
    schema: url('postgres', 'postgresql'),
    description: "The service's own database, with the service's own role",
    secret: true,
    own: true,
  },
  DATABASE_POOL_MAX: {
    schema: integer({ min: 2, max: 100 }),
    default: 6,
    unit: 'connections',
    description: 'How many connections the service may open',
  },
  KAFKA_BROKERS: {
    schema: hostPorts(),
    default: ['127.0.0.1:9092'],
    description: 'Where Kafka is',
  },
  ...kafkaSecurityConfig,
  INBOX_RETAIN_DAYS: {
    schema: integer({ min: KAFKA_RETENTION_DAYS + 1, max: 3_650 }),
    default: 14,
    unit: 'days',
    description: 'How long handled message ids are remembered; longer than Kafka keeps messages (7 days)',
  },
  DISCARDED_RETAIN_DAYS: {
    schema: integer({ min: 1, max: 3_650 }),
    default: 30,
    unit: 'days',
    description: 'How long messages that an operator discarded are kept to be looked at',
  },
  PARKED_OPERATIONS_RETAIN_DAYS: {
    schema: integer({ min: 1, max: 3_650 }),
    default: 90,
    unit: 'days',
    description: 'How long it is kept which operator settled which parked message, when and why',
  },
  OUTBOX_LEFTOVER_MS: {
    schema: integer({ min: 1_000, max: 3_600_000 }),
    default: 3_000,
    unit: 'ms',
    description:
      'An outbox row this old was left behind by a process that died, or cannot send it: its owner sends it (again), then it is deleted. One that is not sent is never deleted',
  },
  EXPRESS: {
    schema: flag(),
    default: false,
    description:
      'Whether messages go at once to the services that read them, beside Kafka. While a process of a service has it not, its others hand nothing over',
  },
  EXPRESS_LINGER_MS: {
    schema: integer({ min: 1, max: LINGER_MAX_MS }),
    default: 250,
    unit: 'ms',
    description:
      'With EXPRESS, how long a message that nobody waits for by Kafka waits for others to be sent with. OUTBOX_LEFTOVER_MS must be 2,000 more',
  },
  EXPRESS_FOLDER: {
    schema: text({ max: 80 }),
    default: '',
    description:
      'With EXPRESS, the folder of the sockets over which services of this machine hand over to each other from process to process. Not set: within a process alone',
  },
  EXPRESS_PORT: {
    schema: integer({ min: 0, max: 65_535 }),
    default: 0,
    description:
      'With EXPRESS, where this service takes messages from services of other machines, by TLS made of `SERVICE_TOKEN`, at the address `HOST`. 0: not at all',
    own: true,
  },
  EXPRESS_NAME: {
    schema: text({ max: 255 }),
    default: '',
    description: 'With EXPRESS_PORT, the name by which other machines reach this one. Not set: the name of the machine',
  },
  CONTENTION_FAILS_READINESS: {
    schema: flag(),
    default: false,
    description:
      'Whether an instance that loses more than a fifth of its writes to others says that it is not ready. Its load then goes to the others, which want the same rows',
  },
});

/** The values of {@link messagingConfig}. */
export type MessagingConfig = KafkaSecurityConfig & {
  readonly DATABASE_URL: string;
  readonly DATABASE_POOL_MAX: number;
  readonly KAFKA_BROKERS: readonly string[];
  readonly INBOX_RETAIN_DAYS: number;
  readonly DISCARDED_RETAIN_DAYS: number;
  readonly PARKED_OPERATIONS_RETAIN_DAYS: number;
  readonly OUTBOX_LEFTOVER_MS: number;
  readonly EXPRESS: boolean;
  readonly EXPRESS_LINGER_MS: number;
  readonly EXPRESS_FOLDER: string;
  readonly EXPRESS_PORT: number;
  readonly EXPRESS_NAME: string;
  readonly CONTENTION_FAILS_READINESS: boolean;
};
