import { describe, expect, it } from '@jest/globals';
import { createClient } from './client.js';
import { TopicMismatchError } from './errors.js';
import { partitionOf } from './partition.js';
import { KafkaPublisher } from './publisher.js';
import { PartitionReader } from './reader/partition-reader.js';
import { createTopics } from './topics.js';
import { makeTopics, testBrokers, unique, wire } from './testing/kafka.js';

/** Goal: topics are as declared, or the start fails; a published message is in the partition of its key, which is its outbox shard. */
const brokers = testBrokers();

describe('createTopics', () => {
  it('topics are made once, with their partitions and retention, however many callers ask', async () => {
    const declared = ['a', 'b'].map((name) => ({ name: unique(name), partitions: 3, retentionMs: 1_234_000 }));
    await Promise.all([createTopics(brokers, declared), createTopics(brokers, declared)]);
    await createTopics(brokers, declared);
    const admin = createClient({ brokers, clientId: 'spec' }).admin();
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: declared.map(({ name }) => name) });
      expect(topics.map(({ partitions }) => partitions.length)).toEqual([3, 3]);
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: 2, name: declared[0]?.name ?? '', configNames: ['retention.ms'] }],
      });
      expect(resources[0]?.configEntries[0]?.configValue).toBe('1234000');
    } finally {
      await admin.disconnect();
    }
  });

  it('a topic that exists with another number of partitions is refused', async () => {
    const [name = ''] = await makeTopics({ name: 'mismatch', partitions: 2 });
    const wrong = createTopics(brokers, [{ name, partitions: 4, retentionMs: 1_000 }]);
    await expect(wrong).rejects.toThrow(new TopicMismatchError(name, 4, 2));
  });
});

describe('a published batch', () => {
  it('published messages land in the partitions of their keys, in order per key, over several topics', async () => {
    const topics = await makeTopics({ name: 'lands-a', partitions: 4 }, { name: 'lands-b', partitions: 4 });
    const publisher = new KafkaPublisher({ brokers, clientId: 'spec' });
    const reader = new PartitionReader({ brokers, clientId: 'spec' });
    const sent = Array.from({ length: 400 }, (_, n) => wire(topics[n % 2] ?? '', `key-${n % 20}`, `${n}`));
    try {
      await publisher.publish(sent.slice(0, 250));
      await publisher.publish(sent.slice(250));
      let count = 0;
      const last = new Map<string, number>();
      for await (const messages of reader.readAll(topics)) {
        for (const { key, value, partition, topic } of messages) {
          count++;
          expect(partition).toBe(partitionOf(String(key), 4));
          expect(Number(value)).toBeGreaterThan(last.get(`${topic}/${key}`) ?? -1);
          last.set(`${topic}/${key}`, Number(value));
        }
      }
      expect(count).toBe(400);
    } finally {
      await Promise.all([publisher.disconnect(), reader.disconnect()]);
    }
  });

  it('a batch that Kafka will never take is refused for good', async () => {
    const [topic = ''] = await makeTopics({ name: 'too-large', partitions: 1 });
    const publisher = new KafkaPublisher({ brokers, clientId: 'spec' });
    try {
      const huge = publisher.publish([wire(topic, 'k', 'x'.repeat(2 * 1024 * 1024))]);
      await expect(huge).rejects.toMatchObject({ name: 'KafkaRefusedError', retryable: false });
    } finally {
      await publisher.disconnect();
    }
  });

  it('a publish before the last one has ended is refused: the order of a key would be lost', async () => {
    const [topic = ''] = await makeTopics({ name: 'at-once', partitions: 1 });
    const publisher = new KafkaPublisher({ brokers, clientId: 'spec' });
    try {
      const first = publisher.publish([wire(topic, 'k', '1')]);
      await expect(publisher.publish([wire(topic, 'k', '2')])).rejects.toThrow('one batch at a time');
      await first;
    } finally {
      await publisher.disconnect();
    }
  });
});
