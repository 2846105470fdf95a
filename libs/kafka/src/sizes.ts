import type { Admin, ResourceConfigQuery } from 'kafkajs';
import { createClient } from './client.js';
import type { KafkaOptions } from './options.js';
import { within } from './time.js';

/** kafkajs has these in an enum that cannot be imported by name. */
const TOPIC: ResourceConfigQuery['type'] = 2;
const BROKER: ResourceConfigQuery['type'] = 4;

const KB = 1_024;
/** Kafka's default of `max.message.bytes` is 1,048,588. */
export const DEFAULT_BATCH_MAX_BYTES = 1_000 * KB;
/** Far below Kafka's default of `socket.request.max.bytes`, 100 MB: a request is built in memory, and the next one waits for its answer. */
export const DEFAULT_REQUEST_MAX_BYTES = 4_096 * KB;
/** Bytes of a request beside its batches. */
const REQUEST_OVERHEAD_BYTES = 4 * KB;
/** Bytes of a batch beside its records. */
export const BATCH_OVERHEAD_BYTES = 61;
/** For all requests of `askSizes` together. */
const ASK_TIMEOUT_MS = 10_000;

/** The sizes that Kafka takes, in bytes. */
export interface KnownSizes {
  readonly requestMaxBytes: number;
  /** `max.message.bytes` by topic. A topic whose limit could not be read is missing. */
  readonly batchMaxBytes: ReadonlyMap<string, number>;
  /** Number of partitions by topic. A topic that does not exist, or that this client may not see, is missing. */
  readonly partitions: ReadonlyMap<string, number>;
}

/** Reads the sizes that this client is allowed to read; undefined when it timed out. @throws what kafkajs throws when Kafka is away */
export async function askSizes(options: KafkaOptions, topics: readonly string[]): Promise<KnownSizes | undefined> {
  const admin = createClient(options).admin();
  let known: KnownSizes | undefined;
  const asking = async (): Promise<void> => {
    await admin.connect();
    const batchMaxBytes = await topicSizes(admin, topics);
    const requestMaxBytes = await requestSize(admin);
    known = { batchMaxBytes, requestMaxBytes, partitions: await partitionsOf(admin, topics) };
  };
  try {
    await within(ASK_TIMEOUT_MS, asking());
    return known;
  } finally {
    void admin.disconnect().catch(() => undefined);
  }
}

/** All topics in one request. When one of them may not be read, that fails as a whole, so each is then read by itself. */
async function topicSizes(admin: Admin, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const ofTopic = (name: string): ResourceConfigQuery => ({
    type: TOPIC,
    name,
    configNames: ['max.message.bytes'],
  });
  const sizes = new Map<string, number>();
  const groups = [topics, ...topics.map((topic) => [topic])];
  for (const group of groups) {
    if (group.length === 0 || sizes.size === topics.length) continue;
    const values = await valuesOf(admin, group.map(ofTopic));
    for (const { resource, value } of values) sizes.set(resource, value);
  }
  return sizes;
}

/** The smallest limit of all brokers. */
async function requestSize(admin: Admin): Promise<number> {
  const { brokers } = await admin.describeCluster();
  const values = await valuesOf(
    admin,
    brokers.map(({ nodeId }) => ({
      type: BROKER,
      name: String(nodeId),
      configNames: ['socket.request.max.bytes'],
    })),
  );
  const limits = values.map(({ value }) => value - REQUEST_OVERHEAD_BYTES);
  return Math.min(DEFAULT_REQUEST_MAX_BYTES, ...limits);
}

/** Asks for all topics, as `describeCluster` does: in a request by name, one unknown topic fails them all. */
async function partitionsOf(admin: Admin, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const described = await admin.fetchTopicMetadata();
  const ours = described.topics.filter(({ name }) => topics.includes(name));
  return new Map(ours.map(({ name, partitions }) => [name, partitions.length]));
}

/** Empty when reading is not allowed, or when a topic does not exist. */
async function valuesOf(
  admin: Admin,
  resources: ResourceConfigQuery[],
): Promise<{ resource: string; value: number }[]> {
  try {
    const described = await admin.describeConfigs({ resources, includeSynonyms: false });
    return described.resources.flatMap(({ resourceName, configEntries }) =>
      configEntries.flatMap(({ configValue }) => {
        const value = Number(configValue);
        return value > 0 ? [{ resource: resourceName, value }] : [];
      }),
    );
  } catch {
    return [];
  }
}
