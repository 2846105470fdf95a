import { LastingAdmin } from './lasting-admin.js';
import type { KafkaOptions } from './options.js';

/** How far a consumer group has read one partition. */
export interface GroupPosition {
  readonly topic: string;
  readonly partition: number;
  /** The offset of the next message that the group reads; null when it has committed nothing yet. */
  readonly committed: string | null;
}

/**
 * Where a consumer group stands, as Kafka has it: of all of its members. It connects at the first question and stays connected; after a failure
 * the next question connects again.
 */
export class GroupPositions {
  private readonly admin: LastingAdmin;

  constructor(
    options: KafkaOptions,
    readonly groupId: string,
  ) {
    this.admin = new LastingAdmin(options);
  }

  /**
   * The position of the group in this partition of each topic.
   * @throws KafkaUnavailableError
   */
  async at(topics: readonly string[], partition: number): Promise<readonly GroupPosition[]> {
    return (await this.all(topics)).filter((position) => position.partition === partition);
  }

  /** The same in all partitions. */
  async all(topics: readonly string[]): Promise<readonly GroupPosition[]> {
    if (topics.length === 0) return [];
    const { groupId } = this;
    const found = await this.admin.ask((admin) => admin.fetchOffsets({ groupId, topics: [...topics] }));
    return found.flatMap(({ topic, partitions }) =>
      // Below zero are Kafka's numbers for "nothing committed", or nothing that belongs to this log.
      partitions.map(({ partition, offset }) => {
        return { topic, partition, committed: BigInt(offset) < 0n ? null : offset };
      }),
    );
  }

  /** Call it when nobody asks any more. */
  disconnect(): Promise<void> {
    return this.admin.close();
  }
}
