import { afterEach, describe, expect, it } from '@jest/globals';
import { KafkaPublisher } from './publisher.js';
import { Collector } from './testing/collector.js';
import { makeTopics, testBrokers, unique, until, wire } from './testing/kafka.js';

/** Goal: restarts and rebalances lose no message, redeliver at most what was not committed, and keep a shard's topics together. */
const publisher = new KafkaPublisher({ brokers: testBrokers(), clientId: 'spec' });
const open: Collector[] = [];
const started = (...parameters: ConstructorParameters<typeof Collector>): Collector => {
  const collector = new Collector(...parameters);
  open.push(collector);
  collector.consumer.start();
  return collector;
};
afterEach(async () => {
  await Promise.all([...open.splice(0).map(({ consumer }) => consumer.close()), publisher.disconnect()]);
});

const shardsOf = (collector: Collector): string[] =>
  Object.values(collector.consumer.health().assigned).map((partitions) => partitions.join());

describe('when a consumer restarts', () => {
  it('a restarted consumer goes on where it left: offsets are committed on close', async () => {
    const topics = await makeTopics({ name: 'restart', partitions: 1 });
    const [topic = ''] = topics;
    const groupId = unique('group');
    await publisher.publish([wire(topic, 'k', '1'), wire(topic, 'k', '2')]);
    const before = started({ groupId, topics });
    await until('read', () => before.messages.length === 2);
    await before.consumer.close();

    await publisher.publish([wire(topic, 'k', '3')]);
    const after = started({ groupId, topics });
    await until('read on', () => after.messages.length > 0);
    expect(after.values).toEqual(['3']);
  });

  it('close waits for the batch in flight, and commits it', async () => {
    const topics = await makeTopics({ name: 'drain', partitions: 1 });
    const groupId = unique('group');
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    let begun = false;
    const before = started({ groupId, topics }, () => {
      begun = true;
      return finished;
    });
    await publisher.publish([wire(topics[0] ?? '', 'k', '1')]);
    await until('in flight', () => begun);
    const closing = before.consumer.close();
    finish();
    await closing;
    expect(before.values).toEqual(['1']);

    await publisher.publish([wire(topics[0] ?? '', 'k', '2')]);
    const after = started({ groupId, topics });
    await until('read on', () => after.messages.length > 0);
    expect(after.values).toEqual(['2']);
  });

  it('close returns within its bound even if a handler hangs', async () => {
    const topics = await makeTopics({ name: 'hang', partitions: 1 });
    let begun = false;
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const hanging = started({ groupId: unique('group'), topics }, () => {
      begun = true;
      return released;
    });
    await publisher.publish([wire(topics[0] ?? '', 'k', '1')]);
    await until('in flight', () => begun);
    const startedAt = Date.now();
    await hanging.consumer.close();
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    release();
  });
});

describe('when a second consumer joins, and the first leaves', () => {
  it('a rebalance loses no message, gives each shard one owner in all topics, and calls both hooks in time', async () => {
    const topics = await makeTopics({ name: 'commands', partitions: 4 }, { name: 'events', partitions: 4 });
    const groupId = unique('group');
    const told: string[] = [];
    const member = (name: string): Collector =>
      started({
        groupId,
        topics,
        onAssigned: (shards) => Promise.resolve(void told.push(`${name} has ${shards.join()}`)),
        onRevoked: (shards) => Promise.resolve(void told.push(`${name} gave ${shards.join()}`)),
      });
    let sent = 0;
    // A publisher may repeat a batch when Kafka hesitates, so messages are counted by value. Duplicates are looked for by place, below.
    const delivered = (...collectors: Collector[]): number => new Set(collectors.flatMap(({ values }) => values)).size;
    const publishSome = async (): Promise<void> => {
      await publisher.publish(
        Array.from({ length: 40 }, (_, n) => wire(topics[n % 2] ?? '', `key-${n}`, `${sent + n}`)),
      );
      sent += 40;
    };

    const first = member('first');
    await publishSome();
    await until('first has all', () => delivered(first) === sent);
    expect(shardsOf(first)).toEqual(['0,1,2,3', '0,1,2,3']);

    const second = member('second');
    await until('shared', () => second.connected && shardsOf(second).length === 2 && shardsOf(first)[0]?.length === 3);
    const [mine = '', mineAgain = ''] = shardsOf(first);
    const [others = '', othersAgain = ''] = shardsOf(second);
    expect([mine, others]).toEqual([mineAgain, othersAgain]);
    expect(`${mine},${others}`.split(',').sort()).toEqual(['0', '1', '2', '3']);
    await until('told', () => told.length === 4);
    expect(told.slice(0, 2)).toEqual(['first has 0,1,2,3', 'first gave 0,1,2,3']);
    expect(told.slice(2).sort()).toEqual([`first has ${mine}`, `second has ${others}`]);

    await publishSome();
    await until('all read', () => delivered(first, second) === sent);
    expect(second.messages.length).toBeGreaterThan(0);

    await first.consumer.close();
    await until('second has all', () => shardsOf(second)[0] === '0,1,2,3');
    await publishSome();
    await until('all read', () => delivered(first, second) === sent);
    // Offsets were committed before each handover, so no place in the log came twice.
    const places = [...first.messages, ...second.messages].map((m) => `${m.topic}/${m.partition}/${m.offset}`);
    expect(new Set(places).size).toBe(places.length);
  });
});
