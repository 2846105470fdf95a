import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import type { Admin, Producer } from 'kafkajs';
import { createClient } from '../client.js';
import { createTopics } from '../topics.js';
import { testBrokers, unique } from '../testing/kafka.js';
import { PartitionReader } from './partition-reader.js';

/**
 * Goal: no record hides others by its time. The broker sets the time. Where it does not, a window is read past records that claim to be later.
 * Method: a producer that gives its records any time, on topics made by `createTopics` and on topics of others.
 */
const options = { brokers: testBrokers(), clientId: 'spec' };
const MINUTE = 60_000;
const reader = new PartitionReader(options);
const client = createClient(options);
let admin: Admin;
let producer: Producer;

beforeAll(async () => {
  [admin, producer] = [client.admin(), client.producer({ allowAutoTopicCreation: false })];
  await Promise.all([admin.connect(), producer.connect()]);
});
afterAll(async () => {
  await Promise.all([admin.disconnect(), producer.disconnect(), reader.disconnect()]);
});

interface Stamped {
  readonly key: string;
  readonly value: string;
  readonly at?: number;
}
const send = (topic: string, ...records: Stamped[]) =>
  producer.send({
    topic,
    messages: records.map(({ key, value, at }) => ({ key, value, ...(at !== undefined && { timestamp: String(at) }) })),
  });

/** A topic in which the sender sets the time of a record, as in topics that `createTopics` has not made. */
async function topicOfOthers(): Promise<string> {
  const topic = unique('senders-time');
  const configEntries = [
    { name: 'message.timestamp.type', value: 'CreateTime' },
    { name: 'max.message.bytes', value: '500000' },
  ];
  // kafkajs would wait for a second or two, which a busy broker exceeds.
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 1, configEntries }] });
  await waitUntil('it has a leader', async () => (await admin.fetchTopicOffsets(topic)).length === 1);
  return topic;
}

const declared = (name: string) => ({ name, partitions: 1, retentionMs: 1_234_000 });

describe('a topic made by createTopics', () => {
  it('a record in a topic made by createTopics has the time of the broker, whatever its sender says', async () => {
    const topic = unique('brokers-time');
    await createTopics(options.brokers, [declared(topic)]);
    const before = Date.now() - MINUTE;
    await send(topic, { key: 'k', value: 'ahead', at: Date.now() + 50 * MINUTE }, { key: 'k', value: 'old', at: 1 });
    const { messages } = await reader.readKey([topic], 'k', { sinceMs: before, untilMs: Date.now() + MINUTE });
    expect(messages.map(({ value }) => value)).toEqual(['ahead', 'old']);
    for (const { timestamp } of messages) expect(Math.abs(timestamp - Date.now())).toBeLessThan(MINUTE);
  });

  it('createTopics sets the time of the broker on an older topic, and keeps its other settings', async () => {
    const topic = await topicOfOthers();
    await createTopics(options.brokers, [declared(topic)]);
    const settings = async (): Promise<Record<string, string>> => {
      const asked = { includeSynonyms: false, resources: [{ type: 2, name: topic }] };
      const { resources } = await admin.describeConfigs(asked);
      const entries = resources[0]?.configEntries ?? [];
      return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
    };
    // The broker that is asked learns of it a moment after the controller has taken it.
    const type = 'message.timestamp.type';
    await waitUntil('it is set', async () => (await settings())[type] === 'LogAppendTime');
    expect(await settings()).toMatchObject({ 'max.message.bytes': '500000' });
  });
});

describe('a window over a topic whose senders set the time', () => {
  it.each([
    ['is 50 minutes ahead', 50 * MINUTE],
    ['was an hour ago', -60 * MINUTE],
    ['was in 1970', 1 - Date.now()],
  ])('a window shows what comes after a record whose time %s', async (_, off) => {
    const topic = await topicOfOthers();
    const now = Date.now();
    await send(topic, { key: 'other', value: 'strange', at: now + off }, { key: 'mine', value: 'in time', at: now });
    await send(topic, { key: 'mine', value: 'strange', at: now + off }, { key: 'mine', value: 'after', at: now });
    const found = await reader.readKey([topic], 'mine', { sinceMs: now - MINUTE, untilMs: now + MINUTE });
    expect(found.messages.map(({ value }) => value).sort()).toEqual(['after', 'in time', 'strange']);
    expect(found.complete).toBe(true);
    expect(found.ranges.get(topic)).toMatchObject({ partition: 0, to: 4n, end: 4n });
  });

  it('a window ends where very many records in a row are later, not at the end of the log', async () => {
    const topic = await topicOfOthers();
    const sinceMs = Date.now() - MINUTE;
    await send(topic, { key: 'mine', value: 'in time' });
    const untilMs = Date.now() - 1;
    const noise = Array.from({ length: 500 }, () => ({ key: 'other', value: 'x'.repeat(600), at: untilMs + MINUTE }));
    for (let sent = 0; sent < 16; sent++) await send(topic, ...noise);
    const { messages, ranges, complete } = await reader.readKey([topic], 'mine', { sinceMs, untilMs: untilMs + 1 });
    expect(messages.map(({ value }) => value)).toEqual(['in time']);
    expect(complete).toBe(true);
    const { to = 0n, end = 0n } = ranges.get(topic) ?? {};
    expect(end).toBe(8_001n);
    expect(to).toBeLessThan(6_000n);
  });
});
