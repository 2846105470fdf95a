import { afterEach, describe, expect, it } from '@jest/globals';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { PartitionReader } from './reader/partition-reader.js';
import { KafkaPublisher } from './publisher.js';
import { Collector } from './testing/collector.js';
import { testBrokers, unique, until, wire } from './testing/kafka.js';

/**
 * Goal: no compression that a producer or a topic chooses stops a consumer, and a batch that cannot be opened is one stub, behind which
 * reading goes on. Method: Kafka itself compresses, in each of its codecs; a producer sends batches that open to too much.
 */
const kafka = new Kafka({ brokers: testBrokers(), clientId: 'spec', logLevel: logLevel.NOTHING });
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function topicWith(compression: string): Promise<string> {
  const topic = unique(`codec-${compression}`);
  const admin = kafka.admin();
  await admin.connect();
  const configEntries = [{ name: 'compression.type', value: compression }];
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }], waitForLeaders: true });
  await admin.disconnect();
  return topic;
}

function collect(topic: string): Collector {
  const collector = new Collector({ groupId: unique('group'), topics: [topic], partitionsPerTopic: 1 });
  closers.push(() => collector.consumer.close());
  collector.consumer.start();
  return collector;
}

async function readAll(topic: string) {
  const reader = new PartitionReader({ brokers: testBrokers(), clientId: 'spec' });
  closers.push(() => reader.disconnect());
  const read = [];
  for await (const messages of reader.readAll([topic])) read.push(...messages);
  return read;
}

describe('a topic that Kafka compresses', () => {
  it.each(['gzip', 'snappy', 'lz4', 'zstd'])(
    'a topic compressed with %s is read by consumers and readers',
    async (compression) => {
      const topic = await topicWith(compression);
      const publisher = new KafkaPublisher({ brokers: testBrokers(), clientId: 'spec' });
      closers.push(() => publisher.disconnect());
      // One letter, text that repeats further back than 64 KB, and text that hardly compresses.
      const values = ['x'.repeat(3_000), 'ß'];
      for (let n = 0; n < 300; n++)
        values.push(JSON.stringify({ n, at: n * 7_919, text: `${'cake '.repeat(n)}${n ** 7}` }));
      await publisher.publish(values.map((value, n) => wire(topic, `key-${n}`, value)));
      const collector = collect(topic);
      await until('all of it', () => collector.messages.length >= values.length);
      expect(collector.values).toEqual(values);
      expect(collector.messages[7]).toMatchObject({ key: 'key-7', headers: { ce_id: expect.any(String) as unknown } });
      expect((await readAll(topic)).map(({ value }) => value)).toEqual(values);
    },
  );
});

describe('a batch that opens to too much', () => {
  it('a batch or a record that opens to too much is one stub, and what follows is read', async () => {
    const topic = await topicWith('producer');
    const producer = kafka.producer();
    closers.push(() => producer.disconnect());
    await producer.connect();
    const send = (...values: string[]) =>
      producer.send({
        topic,
        compression: CompressionTypes.GZIP,
        messages: values.map((value) => ({ key: 'k', value })),
      });
    await send('first');
    await send('a'.repeat(20_000_000));
    await send('b'.repeat(2_000_000), 'beside');
    await send('last');
    const told = [
      { offset: '0', value: 'first', unreadable: undefined },
      { offset: '1', key: null, value: null, unreadable: { cause: 'oversize' } },
      { offset: '2', key: null, value: 'b'.repeat(4_096), unreadable: { cause: 'oversize' } },
      { offset: '3', value: 'beside', unreadable: undefined },
      { offset: '4', value: 'last', unreadable: undefined },
    ];
    const collector = collect(topic);
    await until('the last', () => collector.values.includes('last'));
    expect(collector.messages).toMatchObject(told);
    expect(collector.crashes).toEqual([]);
    expect(await readAll(topic)).toMatchObject(told);
  });
});
