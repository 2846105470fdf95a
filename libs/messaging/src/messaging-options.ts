import { SERVICE_NAME, type Catalogue } from '@backstep/messages';
import { DEFAULT_PARTITIONS, type KafkaSecurity } from '@backstep/kafka';
import type { Type } from '@nestjs/common';
import type { DatabaseOptions, Schema } from './database.js';
import type { MessagingHost } from './host.js';

/** How long Kafka keeps messages, unless an application says otherwise, in days. */
export const KAFKA_RETENTION_DAYS = 7;

/** What a service is, wherever it runs. */
export interface ServiceDeclaration extends Schema {
  /** Its name: `ce_source` of what it says, its client id in Kafka, and the topics `<service>.commands` and `<service>.events`. */
  readonly service: string;
  /** Every message of the system that it is part of. */
  readonly catalogue: Catalogue;
  /** Classes with `@Handles`. What is not listed here is not handled; the topics that the service reads follow from it. */
  readonly handlers: readonly Type[];
  /**
   * Partitions of every topic that it reads and writes. A key has the same partition number in each, and that number is its outbox shard:
   * another number needs new topics. Default 4. `createTopics` of `@backstep/kafka` makes topics so, and refuses one that has another number.
   */
  readonly partitions?: number;
  /** Its consumer group. Default: the service's name. */
  readonly groupId?: string;
  /** The name under which a message's subject is logged, such as `cakeId`. Default: `subject`. */
  readonly subjectField?: string;
  /** Whether `GET /parked` and what operators do about parked messages are served. Default false: the routes have no guard of their own. */
  readonly parkedRoutes?: boolean;
}

export interface RetentionOptions {
  /** How long handled message ids are remembered, in days; longer than Kafka keeps messages. Default 14. */
  readonly inboxDays?: number;
  /** How long messages that an operator discarded are kept, in days. Default 30. */
  readonly discardedDays?: number;
  /** How long Kafka keeps messages, in days. Default 7. */
  readonly kafkaDays?: number;
}

/** Where a service runs, and what of its application it uses. */
export interface MessagingRuntime extends MessagingHost {
  readonly database: DatabaseOptions;
  readonly kafka: { readonly brokers: readonly string[]; readonly security?: KafkaSecurity | undefined };
  readonly retention?: RetentionOptions;
  /** An outbox row this old was left behind, and its owner sends it (again), in milliseconds. Default 3,000. */
  readonly outboxLeftoverMs?: number;
  /** Whether it reads from Kafka. Default true. */
  readonly consume?: boolean;
}

/** @throws Error naming the option that is wrong */
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
  if (inboxDays <= kafkaDays) {
    throw new Error(
      `retention.inboxDays must be more than retention.kafkaDays: a message that Kafka can still deliver is one that the inbox still knows`,
    );
  }
}
