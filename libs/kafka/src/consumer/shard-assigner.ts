import kafkajs, { type Broker, type Cluster, type PartitionAssigner } from 'kafkajs';

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;

export interface Member {
  readonly id: string;
  readonly topics: readonly string[];
  /** The shards that the member had before the rebalance. */
  readonly owned: readonly number[];
  /** The process of several services that the member is part of; undefined: it is alone in its process. */
  readonly host?: string | undefined;
  /** What the member has published of itself: see `BatchConsumerOptions.address`. */
  readonly address?: string | undefined;
}

/**
 * Deals the shards 0..shards-1 to members that are all part of hosts, by the names of the hosts alone, so that all groups of the same hosts deal
 * alike: a host owns the same shards of all its services. What a member had does not count, since it follows from when the hosts joined, and
 * that differs from group to group.
 */
export function dealToHosts(shards: number, members: readonly Member[]): Map<string, number[]> {
  return deal(
    shards,
    inOrderOf(members, placeOf).map(({ id }) => ({ id, owned: [] })),
  );
}

/** A host that was killed and is back has two members until the session of the first is over. */
const placeOf = ({ host = '', id }: Member): string => `${host}\0${id}`;

/** Deals the shards 0..shards-1 to the members. Each keeps what it had as far as even shares allow. */
export function dealShards(shards: number, members: readonly Member[]): Map<string, number[]> {
  return deal(
    shards,
    inOrderOf(members, ({ id }) => id),
  );
}

/** The same for the same members in any order. */
const inOrderOf = (members: readonly Member[], place: (member: Member) => string): Member[] =>
  [...members].sort((a, b) => (place(a) < place(b) ? -1 : 1));

/** Each gets the same number or one more: first of what it had, then of what is left, in the order of the members. */
function deal(shards: number, members: readonly Pick<Member, 'id' | 'owned'>[]): Map<string, number[]> {
  const free = new Set(Array.from({ length: shards }, (_, shard) => shard));
  const claims = members
    .map(({ id, owned }) => ({ id, keeps: owned.filter((shard) => free.delete(shard)) }))
    // The members that hold most get the shares that are one larger, so the fewest shards move.
    .sort((a, b) => b.keeps.length - a.keeps.length);
  const share = Math.floor(shards / members.length);
  const larger = shards % members.length;
  const dealt = claims.map(({ id, keeps }, index) => {
    const room = share + (index < larger ? 1 : 0);
    keeps.slice(room).forEach((shard) => free.add(shard));
    return { id, room, shards: keeps.slice(0, room) };
  });
  const rest = [...free].sort((a, b) => a - b);
  return new Map(
    dealt.map(({ id, room, shards: kept }) => [
      id,
      [...kept, ...rest.splice(0, room - kept.length)].sort((a, b) => a - b),
    ]),
  );
}

interface ShardAssignerHooks {
  /** The shards held now. They are sent to the group's leader, which leaves them with this member where it can. */
  readonly owned: () => readonly number[];
  /** The host that this member is part of: see {@link dealToHosts}. */
  readonly host?: string | undefined;
  /** What this member publishes of itself. */
  readonly address?: (() => string | undefined) | undefined;
  /** Awaited each time before this member joins. Must not throw. */
  readonly beforeJoin: () => Promise<void>;
  /** Awaited with the broker that coordinates the group, right before joining through it. Must not throw. */
  readonly atCoordinator: (coordinator: Broker, cluster: Cluster) => Promise<void>;
}

/**
 * Gives the same partition number of all topics to the same member, because that number is the outbox shard, and a key keeps its
 * order within it. The round robin of kafkajs runs through all topics as one list and separates them.
 *
 * Every member subscribes to the same topics. While a new version with another topic is rolled out, a shard of the new
 * topic whose owner does not know it goes to the first member that does.
 */
export const shardAssigner =
  (hooks: ShardAssignerHooks): PartitionAssigner =>
  ({ cluster }) => {
    awaitHooks(cluster, hooks);
    return {
      name: 'BackstepShardAssigner',
      version: 1,
      protocol: ({ topics }) => ({
        name: 'BackstepShardAssigner',
        metadata: MemberMetadata.encode({ version: 1, topics, userData: userDataOf(hooks) }),
      }),
      assign: ({ members, topics }) => {
        const known = members.map(({ memberId, memberMetadata }) => readMember(memberId, memberMetadata));
        const partitions = new Map(
          topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length] as const),
        );
        return Promise.resolve(assignTopics(partitions, known));
      },
    };
  };

/**
 * `0,2`, or `0,2;host-2`; with an address `0,2,@address` and the host. A leader of a version that knows no host, or no address, takes these for a
 * number of no shard.
 */
function userDataOf({ owned, host, address }: ShardAssignerHooks): Buffer {
  const published = address?.();
  const claims: (number | string)[] = [...owned()];
  if (published !== undefined) claims.push(ADDRESS_MARK + encodeURIComponent(published));
  return Buffer.from(claims.join() + (host === undefined ? '' : `;${host}`));
}

const ADDRESS_MARK = '@';

/** @throws what kafkajs throws for bytes that are no metadata */
export function readMember(id: string, metadata: Buffer): Member {
  const decoded = metadata.length > 0 ? MemberMetadata.decode(metadata) : undefined;
  const text = decoded?.userData.toString() ?? '';
  const end = text.indexOf(';');
  const claims = (end < 0 ? text : text.slice(0, end)).split(',').filter((claim) => claim !== '');
  const owned = claims.filter((claim) => !claim.startsWith(ADDRESS_MARK)).map(Number);
  const host = end < 0 ? undefined : text.slice(end + 1);
  return { id, topics: decoded?.topics ?? [], owned, host, address: addressIn(claims) };
}

function addressIn(claims: readonly string[]): string | undefined {
  const claim = claims.find((one) => one.startsWith(ADDRESS_MARK));
  try {
    return claim === undefined ? undefined : decodeURIComponent(claim.slice(ADDRESS_MARK.length));
  } catch {
    // Not written by us.
    return undefined;
  }
}

function assignTopics(partitions: ReadonlyMap<string, number>, members: readonly Member[]) {
  const dealAll = members.every(({ host }) => host !== undefined) ? dealToHosts : dealShards;
  const dealt = dealAll(Math.max(...partitions.values()), members);
  const assignments = new Map(members.map(({ id }) => [id, {} as Record<string, number[]>]));
  for (const [topic, count] of partitions) {
    const readers = members.filter((member) => member.topics.includes(topic)).map(({ id }) => id);
    for (const [owner, shards] of dealt) {
      const reader = readers.includes(owner) ? owner : readers[0];
      const assignment = reader === undefined ? undefined : assignments.get(reader);
      if (assignment) (assignment[topic] ??= []).push(...shards.filter((shard) => shard < count));
    }
  }
  return [...assignments].map(([memberId, assignment]) => ({
    memberId,
    memberAssignment: MemberAssignment.encode({ version: 1, assignment, userData: Buffer.alloc(0) }),
  }));
}

/**
 * kafkajs emits an event at a rebalance, does not wait for its listeners, and joins. The lookup of the coordinator is the first step of a
 * join, it is awaited, and nothing else in a running consumer calls it. So this is where a member has time to let go of its partitions.
 */
function awaitHooks(cluster: Cluster, { beforeJoin, atCoordinator }: ShardAssignerHooks): void {
  const findGroupCoordinator = cluster.findGroupCoordinator.bind(cluster);
  cluster.findGroupCoordinator = async (group) => {
    await beforeJoin();
    const coordinator = await findGroupCoordinator(group);
    await atCoordinator(coordinator, cluster);
    return coordinator;
  };
}
