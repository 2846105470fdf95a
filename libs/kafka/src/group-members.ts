import { readMember } from './consumer/shard-assigner.js';
import { assignedTo } from './groups.js';
import { LastingAdmin } from './lasting-admin.js';
import type { KafkaOptions } from './options.js';

/** The members of one consumer group. */
export type MembersOf = readonly {
  /** What the member has published of itself: `BatchConsumerOptions.address`. */
  readonly address: string | undefined;
  /** Partitions by topic. */
  readonly assigned: Readonly<Record<string, readonly number[]>>;
}[];

/** Kafka's words for a group of which each member knows what it reads, or that has no member. Otherwise its coordinator names no members. */
const SETTLED: ReadonlySet<string> = new Set(['Stable', 'Empty', 'Dead']);

/** Asks Kafka for the members of consumer groups, again and again, over one connection. */
export class GroupMembers {
  private readonly admin: LastingAdmin;

  constructor(options: KafkaOptions) {
    this.admin = new LastingAdmin(options);
  }

  /**
   * @returns the members by group; not of a group that is dealing its partitions anew
   * @throws KafkaUnavailableError; what Kafka answers when this client may not describe a group
   */
  read(groups: readonly string[]): Promise<ReadonlyMap<string, MembersOf>> {
    return this.admin.ask(async (admin) => {
      const described = await admin.describeGroups([...groups]);
      const settled = described.groups.filter(({ state }) => SETTLED.has(state));
      return new Map(
        settled.map(({ groupId, members }) => [
          groupId,
          members.map(({ memberId, memberMetadata, memberAssignment }) => ({
            address: readMember(memberId, memberMetadata).address,
            assigned: byTopic(assignedTo(memberAssignment)),
          })),
        ]),
      );
    });
  }

  close(): Promise<void> {
    return this.admin.close();
  }
}

function byTopic(places: readonly { readonly topic: string; readonly partition: number }[]): Record<string, number[]> {
  const partitions: Record<string, number[]> = {};
  for (const { topic, partition } of places) (partitions[topic] ??= []).push(partition);
  return partitions;
}
