import kafkajs, { type Admin, type GroupDescription } from 'kafkajs';
import { createClient } from './client.js';
import { isTransient, isUnknownTopic, unavailable, UnknownTopicError } from './errors.js';
import type { KafkaOptions } from './options.js';
import { LogClient, type TopicPartition } from './reader/log-client.js';

const { MemberAssignment } = kafkajs.AssignerProtocol;

/** A consumer group, as its coordinator and the logs describe it. */
export interface ConsumerGroup {
  readonly id: string;
  /** Kafka's word: `Stable`, `PreparingRebalance`, `Empty` (it has no member), `Dead` (there is no such group). */
  readonly state: string;
  readonly members: readonly GroupMember[];
  /** The partitions of the given topics that it has read or is assigned; by topic and partition. */
  readonly partitions: readonly GroupPartition[];
}

/** A consumer that is in a group. */
export interface GroupMember {
  readonly id: string;
  readonly clientId: string;
  readonly host: string;
}

/** How far a group has read one partition. */
export interface GroupPartition extends TopicPartition {
  /** The offset of the next message that the group reads; null when it has committed nothing yet. */
  readonly committed: string | null;
  /** The next offset of the log. */
  readonly end: string;
  /** How many messages the group has not handled yet. A group without a commit begins at the log's beginning. */
  readonly lag: number;
  /** The member that reads the partition; null when none does. */
  readonly memberId: string | null;
}

/** Kafka uses offsets below this for "nothing committed", or nothing that belongs to this log. */
const FIRST_OFFSET = 0n;

/**
 * The groups, in the order given, each with its lag on `topics`.
 * @throws KafkaUnavailableError, UnknownTopicError
 */
export async function readGroups(
  options: KafkaOptions,
  ids: readonly string[],
  topics: readonly string[],
): Promise<readonly ConsumerGroup[]> {
  const admin = createClient(options).admin();
  const log = new LogClient(options);
  try {
    await admin.connect();
    const found: ConsumerGroup[] = [];
    for (const id of ids) {
      // One after the other. When one of several concurrent calls fails, the others would still be connecting.
      const { groups } = await admin.describeGroups([id]);
      const described = groups.find(({ groupId }) => groupId === id);
      const places = await standing(admin, id, described, topics);
      const read = ofTopicsRead(places);
      const [ends, starts] = [await log.offsetsAt(read, 'latest'), await log.offsetsAt(read, 'earliest')];
      found.push(groupOf(id, described, read, ends, starts));
    }
    return found;
  } catch (error) {
    if (isUnknownTopic(error)) throw new UnknownTopicError(topics, { cause: error });
    throw isTransient(error) ? unavailable(error) : error;
  } finally {
    await Promise.all([admin.disconnect(), log.disconnect()]);
  }
}

/** A group without members is behind in a partition of its topics also where it has committed nothing yet. */
function ofTopicsRead(places: readonly Standing[]): readonly Standing[] {
  const isRead = ({ committed, memberId }: Standing): boolean => committed !== null || memberId !== null;
  const topics = new Set(places.filter(isRead).map(({ topic }) => topic));
  return places.filter(({ topic }) => topics.has(topic));
}

/** Where a group stands in one partition, by its coordinator. */
export type Standing = Omit<GroupPartition, 'end' | 'lag'>;

/** In every partition of the topics. */
export async function standing(
  admin: Admin,
  id: string,
  described: GroupDescription | undefined,
  topics: readonly string[],
): Promise<readonly Standing[]> {
  const readers = new Map(
    (described?.members ?? []).flatMap(({ memberId, memberAssignment }) =>
      assignedTo(memberAssignment).map((place) => [nameOf(place), memberId] as const),
    ),
  );
  return (await admin.fetchOffsets({ groupId: id, topics: [...topics] })).flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, offset }) => ({
      ...{ topic, partition },
      committed: BigInt(offset) >= FIRST_OFFSET ? offset : null,
      memberId: readers.get(nameOf({ topic, partition })) ?? null,
    })),
  );
}

/** @param ends the next offsets of the logs, in the order of `places` @param starts their first ones */
export function groupOf(
  id: string,
  described: GroupDescription | undefined,
  places: readonly Standing[],
  ends: readonly bigint[],
  starts: readonly bigint[],
): ConsumerGroup {
  const partitions = places.map((place, index): GroupPartition => {
    const end = ends[index] ?? 0n;
    const next = place.committed === null ? (starts[index] ?? 0n) : BigInt(place.committed);
    // Negative when the commit came after the end was read, or when the log is another by now.
    return { ...place, end: String(end), lag: Math.max(0, Number(end - next)) };
  });
  return {
    id,
    state: described?.state ?? 'Dead',
    members: (described?.members ?? []).map(({ memberId, clientId, clientHost }) => ({
      ...{ id: memberId, clientId, host: clientHost },
    })),
    partitions: partitions.sort((a, b) =>
      a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
    ),
  };
}

export const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** A member that has just joined has no assignment yet. */
export function assignedTo(assignment: Buffer): TopicPartition[] {
  const decoded = assignment.length > 0 ? MemberAssignment.decode(assignment) : null;
  return Object.entries(decoded?.assignment ?? {}).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}
