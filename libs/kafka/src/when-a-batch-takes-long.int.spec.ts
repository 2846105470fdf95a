import { afterEach, expect, it } from '@jest/globals';
import { KafkaPublisher } from './publisher.js';
import { partitionOf } from './partition.js';
import { Collector } from './testing/collector.js';
import { makeTopics, testBrokers, unique, until, wire } from './testing/kafka.js';

/**
 * Goal: a batch that takes long holds up its own partition, and no other. Method: one consumer of four partitions, whose handler keeps the batch
 * of one of them for as long as the spec wants.
 */
const PARTITIONS = 4;
const publisher = new KafkaPublisher({ brokers: testBrokers(), clientId: 'spec' });
const open: Collector[] = [];
afterEach(async () => {
  await Promise.all([...open.splice(0).map(({ consumer }) => consumer.close()), publisher.disconnect()]);
});

/** Keys, one for each partition. */
const keys = Array.from({ length: PARTITIONS }, (_, partition) => {
  let n = 0;
  while (partitionOf(`key-${n}`, PARTITIONS) !== partition) n++;
  return `key-${n}`;
});
const [slow = '', ...others] = keys;

async function consumerThatWaits() {
  const [topic = ''] = await makeTopics({ name: 'slow', partitions: PARTITIONS });
  let begun = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const collector = new Collector({ groupId: unique('group'), topics: [topic] }, async ({ partition }) => {
    if (partition !== 0) return;
    begun++;
    await finished;
  });
  open.push(collector);
  collector.consumer.start();
  const send = (...messages: [key: string, value: string][]) =>
    publisher.publish(messages.map(([key, value]) => wire(topic, key, value)));
  return { collector, send, finish, begun: () => begun };
}

it('a batch that takes long holds up no other partition, and the messages behind it come after it', async () => {
  const { collector, send, finish, begun } = await consumerThatWaits();
  await send([slow, 'slow 1']);
  await until('the slow batch has begun', () => begun() === 1);
  await send([slow, 'slow 2']);
  for (let round = 1; round <= 3; round++) {
    await send(...others.map((key): [string, string] => [key, `${key} ${round}`]));
    await until(`the others are handled, round ${round}`, () => collector.messages.length === round * others.length);
  }
  expect(collector.values).not.toContain('slow 1');
  expect(begun()).toBe(1);
  expect(collector.connected).toBe(true);
  finish();
  await until('all is handled', () => collector.values.includes('slow 2'));
  expect(collector.values.filter((value) => value?.startsWith('slow'))).toEqual(['slow 1', 'slow 2']);
});

it('a batch that takes long is committed when it is over, and is not delivered again after a restart', async () => {
  const { collector, send, finish, begun } = await consumerThatWaits();
  await send([slow, 'slow 1']);
  await until('the slow batch has begun', () => begun() === 1);
  const [key = ''] = others;
  await send([key, 'other']);
  await until('it has stepped aside', () => collector.values.includes('other'));
  finish();
  await until('it is over', () => collector.values.includes('slow 1'));
  await send([slow, 'slow 2']);
  await until('the next is read', () => collector.values.includes('slow 2'));
  expect(collector.values.filter((value) => value === 'slow 1')).toHaveLength(1);
});
