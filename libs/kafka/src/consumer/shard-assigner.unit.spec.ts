import { describe, expect, it } from '@jest/globals';
import kafkajs, { type Cluster } from 'kafkajs';
import { dealShards, dealToHosts, readMember, shardAssigner, type Member } from './shard-assigner.js';

/** Goal: a partition number belongs to one member, in all topics; shares are even; a rebalance moves as few shards as it can. */
const member = (id: string, owned: number[] = []): Member => ({ id, topics: ['commands', 'events'], owned });
const deal = (shards: number, ...members: Member[]) => Object.fromEntries(dealShards(shards, members));

describe('dealShards', () => {
  it('a single member gets all shards', () => {
    expect(deal(4, member('a'))).toEqual({ a: [0, 1, 2, 3] });
  });

  it('two members get the same number of shards', () => {
    expect(deal(4, member('b'), member('a'))).toEqual({ a: [0, 1], b: [2, 3] });
  });

  it('three members get shares of four shards that differ by one at most', () => {
    expect(deal(4, member('a'), member('b'), member('c'))).toEqual({ a: [0, 1], b: [2], c: [3] });
  });

  it('a member beyond the number of shards gets none', () => {
    expect(deal(1, member('a'), member('b'))).toEqual({ a: [0], b: [] });
  });

  it('only the share of a new member moves', () => {
    expect(deal(6, member('a', [0, 2, 4]), member('b', [1, 3, 5]), member('c'))).toEqual({
      a: [0, 2],
      b: [1, 3],
      c: [4, 5],
    });
  });

  it('only the shards of a member that left move', () => {
    expect(deal(4, member('b', [2]), member('c', [3, 0]))).toEqual({ b: [1, 2], c: [0, 3] });
  });

  it('a shard that two members claim goes to one of them, and numbers of no shard are ignored', () => {
    expect(deal(2, member('a', [0, 9]), member('b', [0]))).toEqual({ a: [0], b: [1] });
  });

  it('each shard has exactly one owner and shares are even, for any number of members', () => {
    for (let count = 1; count <= 9; count++) {
      const members = Array.from({ length: count }, (_, index) => member(`m${index}`, [index, 7 - index, index + 1]));
      const dealt = Object.values(deal(8, ...members));
      expect(dealt.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(Math.max(...dealt.map((s) => s.length)) - Math.min(...dealt.map((s) => s.length))).toBeLessThanOrEqual(1);
    }
  });
});

describe('dealToHosts', () => {
  const inHost = (host: string, id: string, owned: number[] = []): Member => ({ ...member(id, owned), host });
  const byHost = (shards: number, ...members: Member[]) => {
    const dealt = dealToHosts(shards, members);
    return Object.fromEntries(members.map(({ host, id }) => [host, dealt.get(id)]));
  };

  it('two groups of the same hosts deal alike, whatever the ids of the members and what they had', () => {
    expect(byHost(4, inHost('a', 'z', [2, 3]), inHost('b', 'y', [0, 1]))).toEqual({ a: [0, 1], b: [2, 3] });
    expect(byHost(4, inHost('b', 'w'), inHost('a', 'x', [0, 1, 2, 3]))).toEqual({ a: [0, 1], b: [2, 3] });
  });

  it('each shard has exactly one owner and shares are even, for any number of hosts', () => {
    for (let count = 1; count <= 9; count++) {
      const members = Array.from({ length: count }, (_, index) => inHost(`h${index}`, `m${index}`));
      const dealt = [...dealToHosts(8, members).values()];
      expect(dealt.flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(Math.max(...dealt.map((s) => s.length)) - Math.min(...dealt.map((s) => s.length))).toBeLessThanOrEqual(1);
    }
  });

  it('two members of one host, of which one was killed, share the shards', () => {
    expect(dealToHosts(4, [inHost('a', 'after'), inHost('a', 'before')])).toEqual(
      new Map([
        ['after', [0, 1]],
        ['before', [2, 3]],
      ]),
    );
  });
});

describe('the shard assigner in the group protocol', () => {
  const { MemberAssignment } = kafkajs.AssignerProtocol;
  const counts: Record<string, number> = { commands: 4, events: 4 };
  const cluster = {
    findTopicPartitionMetadata: (topic: string) => Array.from({ length: counts[topic] ?? 0 }, () => ({})),
    findGroupCoordinator: () => Promise.resolve('the coordinator'),
  } as unknown as Cluster;
  const config = { cluster, groupId: 'g', logger: undefined as never };
  const hooks = { beforeJoin: () => Promise.resolve(), atCoordinator: () => Promise.resolve() };
  const joining = (
    owned: number[],
    topics = Object.keys(counts),
    memberId = `member-${owned.join('')}`,
    host?: string,
    address?: string,
  ) => {
    const assigner = shardAssigner({ owned: () => owned, host, address: () => address, ...hooks })(config);
    return { assigner, member: { memberId, memberMetadata: assigner.protocol({ topics }).metadata } };
  };

  const assign = async (...joined: ReturnType<typeof joining>[]) => {
    const leader = joined[0];
    if (!leader) throw new Error('a group has a leader');
    const result = await leader.assigner.assign({
      members: joined.map(({ member }) => member),
      topics: Object.keys(counts),
    });
    return Object.fromEntries(
      result.map(({ memberId, memberAssignment }) => [memberId, MemberAssignment.decode(memberAssignment)?.assignment]),
    );
  };

  it('the same partition numbers of all topics go to one member, and each member keeps what it had', async () => {
    expect(await assign(joining([1, 3]), joining([0, 2]))).toEqual({
      'member-13': { commands: [1, 3], events: [1, 3] },
      'member-02': { commands: [0, 2], events: [0, 2] },
    });
  });

  it('members of hosts are dealt shards by the names of the hosts', async () => {
    const inHost = (host: string, owned: number[]) => joining(owned, undefined, `of-${host}`, host);
    expect(await assign(inHost('b', [0, 1]), inHost('a', [2, 3]))).toEqual({
      'of-a': { commands: [0, 1], events: [0, 1] },
      'of-b': { commands: [2, 3], events: [2, 3] },
    });
  });

  it('a member publishes its address beside its shards and its host, whatever the address contains', () => {
    const address = '{"unix":"/tmp/a,b;c@d"}';
    for (const host of [undefined, 'a']) {
      for (const owned of [[], [0, 2]]) {
        const { member } = joining(owned, undefined, 'm', host, address);
        expect(readMember('m', member.memberMetadata)).toEqual({
          id: 'm',
          topics: Object.keys(counts),
          owned,
          host,
          address,
        });
      }
    }
    expect(readMember('m', joining([1]).member.memberMetadata).address).toBeUndefined();
  });

  it('members with addresses are dealt shards as those without', async () => {
    expect(await assign(joining([1, 3], undefined, 'a', undefined, 'x'), joining([0, 2]))).toEqual({
      a: { commands: [1, 3], events: [1, 3] },
      'member-02': { commands: [0, 2], events: [0, 2] },
    });
  });

  it('a member without a host, among members of hosts, keeps what it had', async () => {
    expect(await assign(joining([0, 1]), joining([2, 3], undefined, 'of-a', 'a'))).toEqual({
      'member-01': { commands: [0, 1], events: [0, 1] },
      'of-a': { commands: [2, 3], events: [2, 3] },
    });
  });

  it('a topic goes only to members that read it, while a new version is rolled out', async () => {
    expect(await assign(joining([0, 1]), joining([2, 3], ['commands']))).toEqual({
      'member-01': { commands: [0, 1], events: [0, 1, 2, 3] },
      'member-23': { commands: [2, 3] },
    });
  });

  it('a member lets go of its partitions, then speaks to the coordinator, then joins', async () => {
    const order: string[] = [];
    const own = { ...cluster, findGroupCoordinator: () => Promise.resolve('broker 1') } as unknown as Cluster;
    const beforeJoin = async () => void order.push('lets go');
    const atCoordinator = async (coordinator: unknown) => void order.push(`speaks to ${String(coordinator)}`);
    shardAssigner({ owned: () => [], beforeJoin, atCoordinator })({ ...config, cluster: own });
    order.push(`joins at ${String(await own.findGroupCoordinator({ groupId: 'g' }))}`);
    expect(order).toEqual(['lets go', 'speaks to broker 1', 'joins at broker 1']);
  });
});
