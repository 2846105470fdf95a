import { afterAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { PartitionReader } from './reader/partition-reader.js';
import { Collector } from './testing/collector.js';
import { makeTopics, testBrokers, unique, until } from './testing/kafka.js';

/**
 * Goal: records of an aborted transaction reach neither a consumer nor a reader of the log, and all records beside them do.
 * Method: a stranger's transactional producers, on a real broker.
 */
const kafka = new Kafka({ brokers: testBrokers(), clientId: 'stranger', logLevel: logLevel.NOTHING });
const closers: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  await Promise.all(closers.map((close) => close()));
});

async function stranger() {
  const producer = kafka.producer({ transactionalId: unique('tx'), maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  closers.push(() => producer.disconnect());
  return producer;
}

describe('transactions of two senders in one partition', () => {
  it('records of a committed transaction are read, and those of an aborted one are passed over', async () => {
    const [topic = ''] = await makeTopics({ name: 'transactions', partitions: 1 });
    const [one, other] = [await stranger(), await stranger()];
    const zeros = Buffer.from([0, 0, 0, 0]);
    const message = (value: string, key: string | Buffer = 'k') => ({ topic, messages: [{ key, value }] });

    const givenUp = await one.transaction();
    const alsoGivenUp = await other.transaction();
    await givenUp.send(message('given up 1'));
    await alsoGivenUp.send(message('given up 2'));
    // This key is that of the control record that aborts a transaction.
    await givenUp.send(message('given up 3', zeros));
    await givenUp.send(message('given up 4'));
    await givenUp.abort();
    await alsoGivenUp.send(message('given up 5'));
    await alsoGivenUp.abort();
    const committed = await one.transaction();
    await committed.send(message('committed', zeros));
    await committed.commit();
    const last = await other.transaction();
    await last.send(message('last given up'));
    await last.abort();

    const collector = new Collector({ groupId: unique('group'), topics: [topic], partitionsPerTopic: 1 });
    closers.push(() => collector.consumer.close());
    collector.consumer.start();
    await until('the committed one', () => collector.values.includes('committed'));
    const reader = new PartitionReader({ brokers: testBrokers(), clientId: 'spec' });
    closers.push(() => reader.disconnect());
    const read: (string | null)[] = [];
    for await (const messages of reader.readAll([topic])) read.push(...messages.map(({ value }) => value));
    expect(read).toEqual(['committed']);
    expect(collector.values).toEqual(['committed']);
  });
});
