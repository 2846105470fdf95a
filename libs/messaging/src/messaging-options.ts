import { SERVICE_NAME, type Catalogue } from '@backstep/messages';
import { DEFAULT_PARTITIONS, type KafkaSecurity } from '@backstep/kafka';
import type { Type } from '@nestjs/common';
import type { DatabaseOptions, Schema } from './database.js';
import { checkExpress, type ExpressRuntime } from './express.js';
import type { EvidenceDeclaration } from './evidence/declaration.js';
import type { MessagingHost } from './host.js';
import type { Neighbours } from './neighbours.js';

/** Default of how long Kafka keeps messages, in days. */
export const KAFKA_RETENTION_DAYS = 7;

/** What a service is, independent of where it runs. */
export interface ServiceDeclaration extends Schema {
  /** The name of the service: `ce_source` of its messages, client id in Kafka, prefix of its topics (`<service>.commands`, `<service>.events`). */
  readonly service: string;
  /** Every message of the system that the service is part of. */
  readonly catalogue: Catalogue;
  /** Classes with `@Handles`. The topics that the service reads follow from this list. */
  readonly handlers: readonly Type[];
  /**
   * Partitions of every topic that the service reads or writes. A key has the same partition number in each topic, and that number is its
   * outbox shard: another number of partitions needs new topics. Default 4. `createTopics` of `@backstep/kafka` creates topics with this
   * number. When a topic of the catalogue has another, the process ends: see `LifecycleHost.fail`.
   */
  readonly partitions?: number;
  /** The consumer group. Default: the name of the service. */
  readonly groupId?: string;
  /** The name under which a message's subject is logged, such as `cakeId`. Default: `subject`. */
  readonly subjectField?: string;
  /** The rows and timers that `POST /evidence` shows of a key. Default: none. */
  readonly evidence?: EvidenceDeclaration;
  /**
   * Whether `GET /parked`, the operators' actions on parked messages and who did them, `POST /evidence`, `GET /standing`, `GET /contention` and
   * `GET /health/contention` are served. Default false: the routes have no guard of their own.
   */
  readonly parkedRoutes?: boolean;
}

/** How long messages are known. `inboxDays` must be more than `kafkaDays`. */
export interface RetentionOptions {
  /** How long the inbox keeps the ids of handled messages, in days; must be longer than Kafka keeps messages. Default 14. */
  readonly inboxDays?: number;
  /** How long messages that an operator discarded are kept, in days. Default 30. */
  readonly discardedDays?: number;
  /** How long it is known which operator settled which parked message, and why, in days. Default 90. */
  readonly operationsDays?: number;
  /** How long Kafka keeps messages, in days. Default 7. */
  readonly kafkaDays?: number;
}

/** Where a service runs, and what it takes from its application. */
export interface MessagingRuntime extends MessagingHost {
  readonly database: DatabaseOptions;
  readonly kafka: { readonly brokers: readonly string[]; readonly security?: KafkaSecurity | undefined };
  readonly retention?: RetentionOptions;
  /** The age at which an outbox row counts as left behind, in milliseconds: the owner of its shard then sends it. Default 3,000. */
  readonly outboxLeftoverMs?: number;
  /** Whether an instance that loses more than a fifth of its attempts to others says that it is not ready. Default false. */
  readonly contentionFailsReadiness?: boolean;
  /** Whether the service reads from Kafka, and sends what other instances left unsent. Default true. */
  readonly consume?: boolean;
  /** The services of this process; undefined: it has no other. */
  readonly neighbours?: Neighbours | undefined;
  /**
   * Messages go to the services of this process at once, beside Kafka. Default: by Kafka alone. While a process of the service has it not, the others
   * hand nothing over. See docs/decisions/0056-express-beside-kafka.md.
   */
  readonly express?: ExpressRuntime | undefined;
}

/** @throws Error that names the wrong option */
export function checkOptions(
  { service, partitions = DEFAULT_PARTITIONS }: ServiceDeclaration,
  runtime: MessagingRuntime,
): void {
  const { inboxDays = 14, kafkaDays = KAFKA_RETENTION_DAYS } = runtime.retention ?? {};
  if (!SERVICE_NAME.test(service)) {
    throw new Error(
      `service must be letters in lower case, digits and dashes, as topics are named by it; not ${JSON.stringify(service)}`,
    );
  }
  if (!Number.isInteger(partitions) || partitions < 1)
    throw new Error(`partitions must be 1 or more, not ${partitions}`);
  if (runtime.kafka.brokers.length === 0) throw new Error('kafka.brokers must name at least one broker, as host:port');
  checkExpress(runtime.express, runtime.outboxLeftoverMs);
  if (inboxDays <= kafkaDays) {
    throw new Error(
      `retention.inboxDays must be more than retention.kafkaDays: a message that Kafka can still deliver is one that the inbox still knows`,
    );
  }
}
