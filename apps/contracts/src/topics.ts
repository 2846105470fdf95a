import type { TopicDeclaration } from '@backstep/messages';
import { TOPIC_NAMES, type PROCESSES, type SERVICES } from './services.js';

export { PARTICIPANTS, PROCESSES, SERVICES } from './services.js';

export type ProcessName = keyof typeof PROCESSES;
export type ServiceName = (typeof SERVICES)[number];

/**
 * Every topic has the same number of partitions: a key then has the same partition number in every topic,
 * and that number is also its outbox shard. Changing it means new topics, not a larger number.
 */
export const PARTITIONS = 4;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Shorter than the inbox keeps ids (`retainInboxDays`): what Kafka can still deliver, the inbox must still know. */
export const TOPIC_RETENTION_MS = 7 * DAY_MS;

/** All topics, with partitions and retention: those that the services declare. */
export const TOPICS: readonly TopicDeclaration[] = TOPIC_NAMES.map((name) => ({
  name,
  partitions: PARTITIONS,
  retentionMs: TOPIC_RETENTION_MS,
}));

/** The consumer group of a service, and of its instances only. */
export const consumerGroupOf = (service: ServiceName): string => `backstep.${service}`;
