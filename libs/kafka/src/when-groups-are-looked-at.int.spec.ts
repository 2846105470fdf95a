import { afterEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { readGroups, type ConsumerGroup } from './groups.js';
import { KafkaOverview } from './kafka-overview.js';
import { partitionOf } from './partition.js';
import { KafkaPublisher } from './publisher.js';
import { Collector } from './testing/collector.js';
import { makeTopics, testBrokers, unique, wire } from './testing/kafka.js';

/** Goal: the lag and the members of a consumer group are what a real coordinator and the logs say. */
const brokers = testBrokers();
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function publish(topic: string, count: number): Promise<void> {
  const publisher = new KafkaPublisher({ brokers, clientId: 'spec' });
  await publisher.publish(Array.from({ length: count }, (_, n) => wire(topic, `key-${n}`, `${n}`)));
  await publisher.disconnect();
}

async function look(id: string, ...topics: string[]): Promise<ConsumerGroup> {
  const [group] = await readGroups({ brokers, clientId: 'spec' }, [id], topics);
  if (!group) throw new Error('it was not told');
  return group;
}

const lagOf = ({ partitions }: ConsumerGroup): number => partitions.reduce((sum, { lag }) => sum + lag, 0);

describe('readGroups', () => {
  it('a group that does not exist is Dead, and has read nothing', async () => {
    const [topic = ''] = await makeTopics({ name: 'nobody', partitions: 2 });
    expect(await look(unique('none'), topic)).toMatchObject({ state: 'Dead', members: [], partitions: [] });
  });

  it('a group has its members, what each reads, and as lag what it has not handled', async () => {
    const [read = '', unread = ''] = await makeTopics(
      { name: 'read', partitions: 3 },
      { name: 'unread', partitions: 2 },
    );
    const groupId = unique('group');
    const { consumer } = new Collector({ groupId, topics: [read], clientId: 'reader' });
    closing.push(() => consumer.close());
    consumer.start();
    await publish(read, 30);
    const caughtUp = await waitUntil('all is handled and committed', async () => {
      const group = await look(groupId, read, unread);
      const committed = group.partitions.reduce((sum, one) => sum + Number(one.committed), 0);
      return committed === 30 && group;
    });
    expect(caughtUp).toMatchObject({ id: groupId, state: 'Stable', members: [{ clientId: 'reader' }] });
    expect(caughtUp.partitions.map(({ topic, partition, lag }) => [topic, partition, lag])).toEqual([
      ...[0, 1, 2].map((partition) => [read, partition, 0]),
    ]);
    expect(new Set(caughtUp.partitions.map(({ memberId }) => memberId))).toEqual(new Set([caughtUp.members[0]?.id]));

    await consumer.close();
    await publish(read, 12);
    const left = await look(groupId, read, unread);
    expect(left).toMatchObject({ state: 'Empty', members: [] });
    expect([lagOf(left), left.partitions.every(({ memberId }) => memberId === null)]).toEqual([12, true]);
  });

  it('a group without members lags in a partition in which it has never committed', async () => {
    const [read = '', unread = ''] = await makeTopics(
      { name: 'late', partitions: 2 },
      { name: 'unread', partitions: 1 },
    );
    const groupId = unique('group');
    const collector = new Collector({ groupId, topics: [read] });
    closing.push(() => collector.consumer.close());
    collector.consumer.start();
    const keys = Array.from({ length: 100 }, (_, n) => `key-${n}`);
    const [first, ...others] = [0, 1].map((partition) => keys.find((key) => partitionOf(key, 2) === partition) ?? '');
    const publisher = new KafkaPublisher({ brokers, clientId: 'spec' });
    closing.push(() => publisher.disconnect());
    await publisher.publish([wire(read, first ?? '', 'handled')]);
    await waitUntil('the first is handled', () => collector.values.includes('handled'));
    await collector.consumer.close();
    await publisher.publish([...others.map((key) => wire(read, key, 'waits')), wire(unread, 'key', 'of no interest')]);
    const left = await look(groupId, read, unread);
    expect(left).toMatchObject({ state: 'Empty', partitions: [{ lag: 0 }, { committed: null, lag: 1 }] });
  });

  it('a group that has committed nothing lags by the whole log', async () => {
    const [topic = ''] = await makeTopics({ name: 'uncommitted', partitions: 1 });
    await publish(topic, 7);
    const groupId = unique('group');
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { consumer } = new Collector({ groupId, topics: [topic] }, () => held);
    closing.push(() => consumer.close());
    consumer.start();
    try {
      const group = await waitUntil('it is assigned', async () => {
        const seen = await look(groupId, topic);
        return seen.partitions.length > 0 && seen;
      });
      expect(group.partitions).toMatchObject([{ committed: null, end: '7', lag: 7 }]);
    } finally {
      release();
    }
  });
});

describe('KafkaOverview', () => {
  it('topics have where each partition begins and ends, and how long their messages are kept', async () => {
    const [one = '', other = ''] = await makeTopics({ name: 'one', partitions: 2 }, { name: 'other', partitions: 1 });
    await publish(other, 5);
    const overview = new KafkaOverview({ brokers, clientId: 'spec' });
    closing.push(() => overview.close());
    expect(await overview.topics([other, one])).toEqual([
      { name: other, retentionMs: 3_600_000, partitions: [{ partition: 0, earliest: '0', latest: '5' }] },
      {
        ...{ name: one, retentionMs: 3_600_000 },
        partitions: [0, 1].map((partition) => ({ partition, earliest: '0', latest: '0' })),
      },
    ]);
  });

  it('groups are asked for at once, each with every partition of its own topics', async () => {
    const [read = '', unread = ''] = await makeTopics(
      { name: 'read', partitions: 1 },
      { name: 'unread', partitions: 2 },
    );
    const groupId = unique('group');
    const { consumer } = new Collector({ groupId, topics: [read], clientId: 'reader' });
    closing.push(() => consumer.close());
    consumer.start();
    await publish(read, 3);
    const nobody = unique('none');
    const overview = new KafkaOverview({ brokers, clientId: 'spec' });
    closing.push(() => overview.close());
    const wishes = [
      // Both look at one topic, as two services may read one.
      { id: nobody, topics: [unread, read] },
      { id: groupId, topics: [read] },
    ];
    const [dead, alive] = await waitUntil('all is committed', async () => {
      const groups = await overview.groups(wishes);
      return groups[1]?.partitions[0]?.committed === '3' && groups;
    });
    expect(dead).toMatchObject({ id: nobody, state: 'Dead', members: [] });
    expect(
      dead?.partitions.map(({ topic, partition, committed, memberId }) => [topic, partition, committed, memberId]),
    ).toEqual([
      [read, 0, null, null],
      [unread, 0, null, null],
      [unread, 1, null, null],
    ]);
    expect(alive).toMatchObject({
      ...{ id: groupId, state: 'Stable', members: [{ clientId: 'reader' }] },
      partitions: [{ topic: read, partition: 0, committed: '3', end: '3', lag: 0 }],
    });
  });
});
