import { afterEach, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { markOf } from './consumer/log-marks.js';
import { KafkaPublisher } from './publisher.js';
import { logResets } from './reader/log-resets.js';
import { Collector } from './testing/collector.js';
import { makeTopics, testBrokers, unique, until, wire } from './testing/kafka.js';

/**
 * Goal: a committed offset that is not of the log is found when partitions are assigned, it is reported, and no message of the log is
 * skipped. Method: a group that has read a log of five, and whose committed offset is changed before it comes back.
 */
const kafka = new Kafka({ brokers: testBrokers(), clientId: 'spec', logLevel: logLevel.NOTHING });
const reasons: string[] = [];
/** The resets that the group has kept for the topic. */
const kept = (topic: string, groupId: string) =>
  logResets({ brokers: testBrokers(), clientId: 'spec' }, [groupId], [topic]);

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  reasons.length = 0;
  await Promise.all(closers.splice(0).map((close) => close()));
});

const VALUES = ['a', 'b', 'c', 'd', 'e'];

async function publish(topic: string, ...values: string[]): Promise<void> {
  const publisher = new KafkaPublisher({ brokers: testBrokers(), clientId: 'spec' });
  closers.push(() => publisher.disconnect());
  await publisher.publish(values.map((value) => wire(topic, 'k', value)));
}

function collect(topic: string, groupId: string): Collector {
  const collector = new Collector({
    groupId,
    topics: [topic],
    partitionsPerTopic: 1,
    onLogReset: ({ reason }) => reasons.push(reason),
  });
  closers.push(() => collector.consumer.close());
  collector.consumer.start();
  return collector;
}

/** A group that has read all five messages and has left. */
async function away() {
  const [topic = ''] = await makeTopics({ name: 'log', partitions: 1 });
  const groupId = unique('group');
  await publish(topic, ...VALUES);
  const collector = collect(topic, groupId);
  await until('all five', () => collector.messages.length === VALUES.length);
  await collector.consumer.close();
  return { topic, groupId, messages: collector.messages };
}

async function commit(topic: string, groupId: string, offset: string, metadata?: string): Promise<void> {
  const consumer = kafka.consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic] });
  // Paused: a fetch from an offset that does not exist would make kafkajs set the offset back.
  const joined = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => {
      consumer.pause([{ topic }]);
      resolve();
    });
  });
  await consumer.run({ autoCommit: false, eachMessage: () => Promise.resolve() });
  await joined;
  await consumer.commitOffsets([{ topic, partition: 0, offset, metadata: metadata ?? null }]);
  await consumer.disconnect();
}

describe('a group that comes back', () => {
  it('a group whose log is the same goes on where it was', async () => {
    const { topic, groupId } = await away();
    await publish(topic, 'f');
    const collector = collect(topic, groupId);
    await until('the sixth', () => collector.values.includes('f'));
    expect(collector.values).toEqual(['f']);
    expect(collector.consumer.health().logResets).toBe(0);
    expect(await kept(topic, groupId)).toEqual([]);
  });

  it('a log that ends before the committed offset is read from its beginning', async () => {
    const { topic, groupId } = await away();
    await commit(topic, groupId, '100');
    const collector = collect(topic, groupId);
    await until('all of the log', () => collector.messages.length >= VALUES.length);
    expect(collector.values).toEqual(VALUES);
    expect(collector.consumer.health().logResets).toBe(1);
  });

  it('a log that begins after the committed offset is read from its beginning', async () => {
    const { topic, groupId } = await away();
    await commit(topic, groupId, '1');
    const admin = kafka.admin();
    await admin.connect();
    await admin.fetchTopicMetadata({ topics: [topic] });
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
    await admin.disconnect();
    const collector = collect(topic, groupId);
    await until('the rest of the log', () => collector.messages.length >= 2);
    expect(collector.values).toEqual(['d', 'e']);
    expect(collector.consumer.health().logResets).toBe(1);
  });

  it('a log that was cut and has grown past the committed offset is read from its beginning', async () => {
    const { topic, groupId, messages } = await away();
    const before = messages[2]!;
    await commit(topic, groupId, '3', markOf({ ...before, timestamp: before.timestamp - 60_000 }));
    const collector = collect(topic, groupId);
    await until('all of the log', () => collector.messages.length >= VALUES.length);
    expect(collector.values).toEqual(VALUES);
    expect(collector.consumer.health().logResets).toBe(1);
    await collector.consumer.close();
    const again = collect(topic, groupId);
    await publish(topic, 'f');
    await until('what is new', () => again.values.includes('f'));
    expect(again.values).toEqual(['f']);
    expect(reasons).toEqual(['another log']);
  });

  it('a group keeps with its offsets how often the log was another, whatever is handled later', async () => {
    const { topic, groupId } = await away();
    const since = Date.now();
    await commit(topic, groupId, '100');
    const first = collect(topic, groupId);
    await until('all of the log', () => first.messages.length >= VALUES.length);
    await first.consumer.close();
    const once = { group: groupId, topic, partition: 0, times: 1 };
    expect(await kept(topic, groupId)).toMatchObject([once]);
    const second = collect(topic, groupId);
    await publish(topic, 'f');
    await until('what is new', () => second.values.includes('f'));
    await second.consumer.close();
    const [reset] = await kept(topic, groupId);
    expect(reset).toMatchObject(once);
    expect(reset?.lastAt).toBeGreaterThanOrEqual(since);
    expect(reasons).toEqual(['beyond the log']);
    await commit(topic, groupId, '100', `at 4 1 reset 1 ${reset?.lastAt}`);
    const third = collect(topic, groupId);
    await until('all of the log', () => third.messages.length > VALUES.length);
    await third.consumer.close();
    expect(await kept(topic, groupId)).toMatchObject([{ ...once, times: 2 }]);
  });
});
