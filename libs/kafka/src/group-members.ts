import type { Admin } from 'kafkajs';
import { createClient } from './client.js';
import { readMember } from './consumer/shard-assigner.js';
import { isTransient, unavailable } from './errors.js';
import { assignedTo } from './groups.js';
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
  private admin: Promise<Admin> | undefined;

  constructor(private readonly options: KafkaOptions) {}

  /**
   * @returns the members by group; not of a group that is dealing its partitions anew
   * @throws KafkaUnavailableError; what Kafka answers when this client may not describe a group
   */
  async read(groups: readonly string[]): Promise<ReadonlyMap<string, MembersOf>> {
    try {
      const admin = await (this.admin ??= this.open());
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
    } catch (error) {
      // The next call begins with a new connection: kafkajs keeps addresses that may be the cause.
      await this.close();
      throw isTransient(error) ? unavailable(error) : error;
    }
  }

  async close(): Promise<void> {
    const { admin } = this;
    this.admin = undefined;
    await admin?.then((open) => open.disconnect()).catch(() => undefined);
  }

  private async open(): Promise<Admin> {
    const admin = createClient(this.options).admin();
    await admin.connect();
    return admin;
  }
}

function byTopic(places: readonly { readonly topic: string; readonly partition: number }[]): Record<string, number[]> {
  const partitions: Record<string, number[]> = {};
  for (const { topic, partition } of places) (partitions[topic] ??= []).push(partition);
  return partitions;
}
