import type { TopicDeclaration } from '@backstep/messages';

/** The services that own a database and a pair of topics. */
export const SERVICES = ['order', 'inventory', 'payment', 'shipment', 'orchestrator'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Services that take part in sagas: commands go in, events come out. The orchestrator only reads and sends. */
export const PARTICIPANTS = ['order', 'inventory', 'payment', 'shipment'] as const;

/**
 * Every topic has the same number of partitions: a key then has the same partition number in every topic,
 * and that number is also its outbox shard. Changing it means new topics, not a larger number.
 */
export const PARTITIONS = 4;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Kafka forgets first, the inbox later (see `retainInboxDays`): a message Kafka can still deliver is one the inbox still knows. */
export const TOPIC_RETENTION_MS = 7 * DAY_MS;

/** All topics, with partitions and retention. This is the one place that declares them. */
export const TOPICS: readonly TopicDeclaration[] = PARTICIPANTS.flatMap((service) =>
  (['commands', 'events'] as const).map((stream) => ({
    name: `${service}.${stream}`,
    partitions: PARTITIONS,
    retentionMs: TOPIC_RETENTION_MS,
  })),
);
