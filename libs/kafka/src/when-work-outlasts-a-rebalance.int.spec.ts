import { afterEach, expect, it } from '@jest/globals';
import { partitionOf } from './partition.js';
import { KafkaPublisher } from './publisher.js';
import { Collector } from './testing/collector.js';
import { makeTopics, testBrokers, unique, until, wire } from './testing/kafka.js';

/**
 * Goal: a consumer that was dealt partitions anew, while it still worked on a batch of the deal before, keeps them when that work ends. Whoever
 * is told then that its partitions are gone sends nothing more for them, and nobody else does. Method: a handler that waits until the group has
 * dealt without it.
 */
const PARTITIONS = 2;
const publisher = new KafkaPublisher({ brokers: testBrokers(), clientId: 'spec' });
const open: Collector[] = [];
afterEach(async () => {
  await Promise.all([...open.splice(0).map(({ consumer }) => consumer.close()), publisher.disconnect()]);
});

const keyOf = (partition: number): string => {
  let n = 0;
  while (partitionOf(`key-${n}`, PARTITIONS) !== partition) n++;
  return `key-${n}`;
};

it('work that outlasts a rebalance takes no partition back from who was dealt it anew', async () => {
  const topics = await makeTopics({ name: 'late', partitions: PARTITIONS });
  const [topic = ''] = topics;
  const group = { groupId: unique('group'), topics, partitionsPerTopic: PARTITIONS };
  const told: string[] = [];
  let begun = false;
  let ended = false;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const first = new Collector(
    {
      ...group,
      onAssigned: (shards) => Promise.resolve(void told.push(`has ${shards.join()}`)),
      onRevoked: (shards) => Promise.resolve(void told.push(`gave ${shards.join()}`)),
    },
    async () => {
      if (begun) return;
      begun = true;
      await finished;
      ended = true;
    },
  );
  open.push(first);
  first.consumer.start();
  await publisher.publish([wire(topic, keyOf(0), 'long')]);
  await until('it works', () => begun);

  const second = new Collector(group);
  open.push(second);
  second.consumer.start();
  await until('the group has dealt', () => told.length === 2 && second.connected);
  const [kept = NaN, ...more] = first.consumer.health().assigned[topic] ?? [];
  expect(more).toEqual([]);
  expect(told).toEqual(['has 0,1', `has ${kept}`]);

  finish();
  await until('its work has ended', () => ended);
  await publisher.publish([wire(topic, keyOf(kept), 'after')]);
  await until('it handles what comes', () => first.values.includes('after'));
  expect(told).toEqual(['has 0,1', `has ${kept}`]);
});
