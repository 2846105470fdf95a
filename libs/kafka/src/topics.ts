import { backoffMs } from '@backstep/resilience';
import type { TopicDeclaration } from '@backstep/messages';
import type { Admin, ConfigResourceTypes } from 'kafkajs';
import { createClient } from './client.js';
import {
  accessProblem,
  isRetryable,
  isTransient,
  KafkaUnavailableError,
  TopicMismatchError,
  unavailable,
} from './errors.js';
import { SILENT, type KafkaLogger, type KafkaOptions } from './options.js';
import { LogClient } from './reader/log-client.js';
import type { KafkaSecurity } from './security.js';
import { delay } from './time.js';

const DEADLINE_MS = 60_000;
const BACKOFF = { baseMs: 100, capMs: 1_000 };

export interface CreateTopicsOptions {
  readonly deadlineMs?: number;
  readonly logger?: KafkaLogger;
  readonly security?: KafkaSecurity | undefined;
}

/**
 * A record's time is the broker's, not its sender's, because windows of time and retention go by it. A sender with a wrong clock, or one
 * that lies, could hide what others sent.
 */
const BROKERS_TIME = { name: 'message.timestamp.type', value: 'LogAppendTime' };

/**
 * Makes the declared topics that are missing, and has the broker set the time of each record. Then waits until each partition and the group
 * coordinator answer, so that a process that starts next meets no broker that is still loading. Idempotent; several processes may call it
 * at once.
 * @throws TopicMismatchError when a topic exists with another number of partitions
 * @throws KafkaUnavailableError when Kafka was not ready within `deadlineMs`
 */
export async function createTopics(
  brokers: readonly string[],
  topics: readonly TopicDeclaration[],
  { deadlineMs = DEADLINE_MS, logger = SILENT, security }: CreateTopicsOptions = {},
): Promise<void> {
  const options = { brokers, clientId: 'backstep-topics', logger, security };
  const deadline = AbortSignal.timeout(deadlineMs);
  for (let attempt = 0; ; attempt++) {
    // A new client for each attempt: a client keeps addresses and leaders that may be the cause of the failure.
    const admin = createClient(options).admin();
    try {
      await admin.connect();
      await createMissing(admin, topics);
      await verifyPartitions(admin, topics);
      await brokerSetsTimes(admin, topics);
      await partitionsAnswer(options, topics);
      await admin.describeGroups(['backstep-warm-up']);
      return;
    } catch (error) {
      // Not retried: the person who waits for this call can correct the credentials at once.
      if (accessProblem(error) !== undefined) throw unavailable(error);
      if (!isTransient(error) && !isRetryable(error)) throw error;
      if (deadline.aborted) {
        throw new KafkaUnavailableError(`Kafka at ${brokers.join(', ')} is not ready`, { cause: error });
      }
      logger.debug('Kafka is not ready for topics yet', { error });
    } finally {
      await admin.disconnect();
    }
    await delay(backoffMs(BACKOFF, attempt), deadline);
  }
}

async function createMissing(admin: Admin, topics: readonly TopicDeclaration[]): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter(({ name }) => !existing.has(name));
  if (missing.length === 0) return;
  // The number of replicas is left to the broker's default.replication.factor: one here, three in a cluster of three.
  await admin.createTopics({
    waitForLeaders: true,
    topics: missing.map(({ name, partitions, retentionMs }) => ({
      topic: name,
      numPartitions: partitions,
      configEntries: [{ name: 'retention.ms', value: String(retentionMs) }, BROKERS_TIME],
    })),
  });
}

/** `ConfigResourceTypes.TOPIC`, an enum that cannot be imported by name. */
const TOPIC: ConfigResourceTypes = 2;
/** The `configSource` of describeConfigs for a value that was set on the topic itself. */
const SET_ON_TOPIC = 1;

/** Changes older topics, too. AlterConfigs replaces all values that were set on a topic, so the others are sent again. */
async function brokerSetsTimes(admin: Admin, topics: readonly TopicDeclaration[]): Promise<void> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name }) => ({ type: TOPIC, name })),
  });
  const others = resources.filter(({ configEntries }) => !configEntries.some(isBrokersTime));
  if (others.length === 0) return;
  await admin.alterConfigs({
    validateOnly: false,
    resources: others.map(({ resourceName, configEntries }) => ({
      type: TOPIC,
      name: resourceName,
      configEntries: [
        ...configEntries
          .filter(
            ({ configName, configSource }) => Number(configSource) === SET_ON_TOPIC && configName !== BROKERS_TIME.name,
          )
          .map(({ configName, configValue }) => ({ name: configName, value: configValue })),
        BROKERS_TIME,
      ],
    })),
  });
}

const isBrokersTime = ({ configName, configValue }: { configName: string; configValue: string }): boolean =>
  configName === BROKERS_TIME.name && configValue === BROKERS_TIME.value;

async function verifyPartitions(admin: Admin, topics: readonly TopicDeclaration[]): Promise<void> {
  const metadata = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) });
  const actual = new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
  for (const { name, partitions } of topics) {
    const found = actual.get(name) ?? 0;
    if (found !== partitions) throw new TopicMismatchError(name, partitions, found);
  }
}

/**
 * Metadata names a partition's leader a moment before that broker has opened its log. A batch sent in this moment is taken by some
 * partitions and refused by others. kafkajs sends all of it again, so the first would get every message twice. A request for offsets is
 * refused in the same way, and changes nothing.
 */
async function partitionsAnswer(options: KafkaOptions, topics: readonly TopicDeclaration[]): Promise<void> {
  const log = new LogClient(options);
  try {
    const places = topics.flatMap(({ name, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition })),
    );
    const ends = await log.offsetsAt(places, 'latest');
    const silent = places.find((_, index) => (ends[index] ?? -1n) < 0n);
    if (silent) throw new KafkaUnavailableError(`partition ${silent.partition} of ${silent.topic} has no leader yet`);
  } finally {
    await log.disconnect();
  }
}
