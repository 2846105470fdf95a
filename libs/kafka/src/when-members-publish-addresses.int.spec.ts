import { afterEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { GroupMembers } from './group-members.js';
import { Collector } from './testing/collector.js';
import { makeTopics, testBrokers, unique } from './testing/kafka.js';

/** Goal: whoever may describe a group learns of each member where it is reached and what it reads. Method: consumers on a real Kafka. */
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

function reader(groupId: string, topic: string, address?: string): Collector {
  const collector = new Collector({ groupId, topics: [topic], address: () => address });
  closing.push(() => collector.consumer.close());
  collector.consumer.start();
  return collector;
}

function look(): GroupMembers {
  const members = new GroupMembers({ brokers: testBrokers(), clientId: 'spec' });
  closing.push(() => members.close());
  return members;
}

describe('the members of groups', () => {
  it('the members of groups are told with their addresses and partitions, of several groups at once', async () => {
    const [topic = ''] = await makeTopics({ name: 'read', partitions: 2 });
    const [one, other, none] = [unique('one'), unique('other'), unique('none')];
    reader(one, topic, 'here, and; there');
    reader(other, topic);
    const groups = look();
    const found = await waitUntil('both have joined', async () => {
      const read = await groups.read([one, other, none]);
      return read.get(one)?.length === 1 && read.get(other)?.length === 1 && read;
    });
    expect(found.get(none)).toEqual([]);
    expect(found.get(one)).toEqual([{ address: 'here, and; there', assigned: { [topic]: [0, 1] } }]);
    expect(found.get(other)).toEqual([{ address: undefined, assigned: { [topic]: [0, 1] } }]);
  });

  it('the members of a group are told anew when one joins and when one leaves', async () => {
    const [topic = ''] = await makeTopics({ name: 'read', partitions: 2 });
    const groupId = unique('group');
    const groups = look();
    const addresses = async (): Promise<(string | undefined)[] | undefined> =>
      (await groups.read([groupId]))
        .get(groupId)
        ?.map(({ address }) => address)
        .sort();
    const first = reader(groupId, topic, 'first');
    await waitUntil('the first has joined', async () => (await addresses())?.join() === 'first');
    const second = reader(groupId, topic, 'second');
    await waitUntil('the second has joined', async () => (await addresses())?.join() === 'first,second');
    await first.consumer.close();
    await waitUntil('the first has left', async () => (await addresses())?.join() === 'second');
    await second.consumer.close();
    await waitUntil('both have left', async () => (await addresses())?.length === 0);
  });
});
