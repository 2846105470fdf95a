import { describe, expect, it } from '@jest/globals';
import { KafkaUnavailableError, UnknownTopicError } from './errors.js';
import { KafkaPublisher } from './publisher.js';
import { PartitionReader } from './reader/partition-reader.js';
import { createTopics } from './topics.js';
import { Collector } from './testing/collector.js';
import { Door, makeTopics, testBrokers, unique, until, wire } from './testing/kafka.js';

/** Goal: a process starts and stays up without Kafka, reports it, and works once Kafka is there. Method: a proxy that is closed, then opened. */
describe('when Kafka is away at the start', () => {
  it('a consumer that starts without Kafka is not connected, and consumes once Kafka is there', async () => {
    const topics = await makeTopics({ name: 'late', partitions: 1 });
    const door = await Door.shut();
    const warnings: string[] = [];
    const log = () => undefined;
    const collector = new Collector({
      brokers: [door.broker],
      groupId: unique('group'),
      topics,
      logger: { debug: log, info: log, error: log, warn: (message) => warnings.push(message) },
    });
    const publisher = new KafkaPublisher({ brokers: testBrokers(), clientId: 'spec' });
    try {
      collector.consumer.start();
      await until('connecting again', () => warnings.some((warning) => warning.startsWith('Kafka is away')));
      expect(collector.connected).toBe(false);
      await door.open();
      await until('connected', () => collector.connected);
      await publisher.publish([wire(topics[0] ?? '', 'k', 'v')]);
      await until('read', () => collector.messages.length === 1);
      expect(collector.crashes).toEqual([]);
    } finally {
      await Promise.all([collector.consumer.close(), publisher.disconnect()]);
      await door.close();
    }
  });

  it('a consumer that never reached Kafka closes at once', async () => {
    const door = await Door.shut();
    const collector = new Collector({ brokers: [door.broker], groupId: unique('group'), topics: ['t'] });
    collector.consumer.start();
    const startedAt = Date.now();
    await collector.consumer.close();
    expect(Date.now() - startedAt).toBeLessThan(4_000);
  });

  it('a publisher without Kafka throws a retryable error, and sends the same batch later', async () => {
    const [topic = ''] = await makeTopics({ name: 'publish-late', partitions: 1 });
    const door = await Door.shut();
    const publisher = new KafkaPublisher({ brokers: [door.broker], clientId: 'spec' });
    try {
      const failure = await publisher.publish([wire(topic, 'k', 'v')]).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(KafkaUnavailableError);
      expect(failure).toMatchObject({ retryable: true });
      expect(publisher.healthy).toBe(false);
      await door.open();
      await publisher.publish([wire(topic, 'k', 'v')]);
      expect(publisher.healthy).toBe(true);
    } finally {
      await publisher.disconnect();
      await door.close();
    }
  });

  it('a reader that is closed without Kafka gives up, and opens no connection when Kafka comes', async () => {
    const [topic = ''] = await makeTopics({ name: 'read-never', partitions: 1 });
    const door = await Door.shut();
    const reader = new PartitionReader({ brokers: [door.broker], clientId: 'spec' });
    try {
      const asked = reader.countAll([topic]).catch((error: unknown) => error);
      const closed = reader.disconnect();
      await door.open();
      expect(await asked).toBeInstanceOf(KafkaUnavailableError);
      await closed;
      await until('nothing is connected', () => door.connections === 0);
      await expect(reader.countAll([topic])).rejects.toThrow('the log client was closed');
    } finally {
      await door.close();
    }
  });

  it('createTopics without Kafka gives up at its deadline', async () => {
    const door = await Door.shut();
    const creating = createTopics([door.broker], [{ name: 't', partitions: 1, retentionMs: 1 }], { deadlineMs: 100 });
    await expect(creating).rejects.toThrow(KafkaUnavailableError);
  });
});

describe('when a topic does not exist', () => {
  it('a consumer of an unknown topic crashes with the name of the topic once the grace is over', async () => {
    const topic = unique('nobody-made-this');
    const collector = new Collector({ groupId: unique('group'), topics: [topic], unknownTopicGraceMs: 0 });
    collector.consumer.start();
    try {
      await until('crashed', () => collector.crashes.length > 0);
      expect(collector.crashes[0]).toBeInstanceOf(UnknownTopicError);
      expect(collector.crashes[0]?.message).toContain(topic);
      expect(collector.connected).toBe(false);
    } finally {
      await collector.consumer.close();
    }
  });

  it('a consumer of an unknown topic waits within the grace, and consumes when the topic comes', async () => {
    const topic = unique('made-later');
    const collector = new Collector({ groupId: unique('group'), topics: [topic] });
    collector.consumer.start();
    try {
      await createTopics(testBrokers(), [{ name: topic, partitions: 1, retentionMs: 60_000 }]);
      await until('connected', () => collector.connected);
      expect(collector.crashes).toEqual([]);
    } finally {
      await collector.consumer.close();
    }
  });
});
