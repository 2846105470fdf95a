import { describe, expect, it } from '@jest/globals';
import { KafkaPublisher } from './publisher.js';
import { Collector } from './testing/collector.js';
import { makeTopics, testBrokers, unique, until, wire } from './testing/kafka.js';

/** Goal: a handler that cannot write loses no message, gets each one again, in order, once it can, and stays a member of its group meanwhile. */
describe('when the handler says that the database is away', () => {
  it('consumption pauses while the handler fails, and then the same messages come again, once', async () => {
    const topics = await makeTopics({ name: 'away-a', partitions: 2 }, { name: 'away-b', partitions: 2 });
    const publisher = new KafkaPublisher({ brokers: testBrokers(), clientId: 'spec' });
    let databaseIsAway = true;
    let refusals = 0;
    const collector = new Collector({ groupId: unique('group'), topics }, () => {
      if (!databaseIsAway) return Promise.resolve();
      refusals++;
      return Promise.reject(Object.assign(new Error('connection refused'), { retryable: true }));
    });
    const sent = topics.flatMap((topic) =>
      Array.from({ length: 50 }, (_, n) => wire(topic, `key-${n}`, `${topic}:${n}`)),
    );
    try {
      collector.consumer.start();
      await publisher.publish(sent);
      await until('paused', () => collector.consumer.health().paused);
      expect(collector.consumer.health().connected).toBe(true);
      await until('probed more than once', () => refusals > 8);
      expect(collector.batches).toEqual([]);

      databaseIsAway = false;
      await until('all handled', () => collector.messages.length >= sent.length);
      expect([...collector.values].sort()).toEqual(sent.map(({ value }) => value).sort());
      const offsets = new Map<string, number>();
      for (const { topic, partition, offset } of collector.messages) {
        expect(Number(offset)).toBe(offsets.get(`${topic}/${partition}`) ?? 0);
        offsets.set(`${topic}/${partition}`, Number(offset) + 1);
      }
      expect(collector.consumer.health()).toMatchObject({ paused: false, connected: true, lag: 0 });
      expect(collector.crashes).toEqual([]);
    } finally {
      await Promise.all([collector.consumer.close(), publisher.disconnect()]);
    }
  });

  it('a new member gets no message until its shards are prepared, however often preparing fails', async () => {
    const topics = await makeTopics({ name: 'prepare', partitions: 1 });
    const publisher = new KafkaPublisher({ brokers: testBrokers(), clientId: 'spec' });
    await publisher.publish([wire(topics[0] ?? '', 'k', 'v')]);
    let attempts = 0;
    const order: string[] = [];
    const collector = new Collector(
      {
        groupId: unique('group'),
        topics,
        onAssigned: (shards) => {
          if (++attempts < 3) return Promise.reject(Object.assign(new Error('away'), { retryable: true }));
          order.push(`assigned ${shards.join()}`);
          return Promise.resolve();
        },
      },
      () => Promise.resolve(void order.push('handled')),
    );
    collector.consumer.start();
    try {
      await until('handled', () => collector.batches.length > 0);
      expect(order).toEqual(['assigned 0', 'handled']);
    } finally {
      await Promise.all([collector.consumer.close(), publisher.disconnect()]);
    }
  });
});
