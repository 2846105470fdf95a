import { backoffMs } from '@backstep/concurrency/backoff';
import type { TopicDeclaration } from '@backstep/contracts';
import type { Admin } from 'kafkajs';
import { createClient } from './client.js';
import { isTransient, KafkaUnavailableError, TopicMismatchError } from './errors.js';
import { SILENT, type KafkaLogger } from './options.js';
import { delay } from './time.js';

const DEADLINE_MS = 60_000;
const BACKOFF = { baseMs: 100, capMs: 1_000 };

/**
 * Makes the declared topics that are missing and waits until they and the group coordinator answer, so that
 * what starts next meets no "loading". Idempotent; several processes may call it at once.
 * @throws TopicMismatchError when a topic exists with another number of partitions.
 * @throws KafkaUnavailableError when Kafka did not get there in `deadlineMs`.
 */
export async function createTopics(
  brokers: readonly string[],
  topics: readonly TopicDeclaration[],
  { deadlineMs = DEADLINE_MS, logger = SILENT }: { readonly deadlineMs?: number; readonly logger?: KafkaLogger } = {},
): Promise<void> {
  const admin = createClient({ brokers, clientId: 'backstep-topics', logger }).admin();
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        await admin.connect();
        await createMissing(admin, topics);
        await verifyPartitions(admin, topics);
        await admin.describeGroups(['backstep-warm-up']);
        return;
      } catch (error) {
        if (!isTransient(error)) throw error;
        if (deadline.aborted) {
          throw new KafkaUnavailableError(`Kafka at ${brokers.join(', ')} is not ready`, { cause: error });
        }
        logger.debug('Kafka is not ready for topics yet', { error });
        await delay(backoffMs(BACKOFF, attempt), deadline);
      }
    }
  } finally {
    await admin.disconnect();
  }
}

async function createMissing(admin: Admin, topics: readonly TopicDeclaration[]): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter(({ name }) => !existing.has(name));
  if (missing.length === 0) return;
  // Replicas are left to the broker's default.replication.factor: one here, three where someone runs three.
  await admin.createTopics({
    waitForLeaders: true,
    topics: missing.map(({ name, partitions, retentionMs }) => ({
      topic: name,
      numPartitions: partitions,
      configEntries: [{ name: 'retention.ms', value: String(retentionMs) }],
    })),
  });
}

async function verifyPartitions(admin: Admin, topics: readonly TopicDeclaration[]): Promise<void> {
  const metadata = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) });
  const actual = new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
  for (const { name, partitions } of topics) {
    const found = actual.get(name) ?? 0;
    if (found !== partitions) throw new TopicMismatchError(name, partitions, found);
  }
}
