import type { Admin } from 'kafkajs';
import { createClient } from './client.js';
import { isTransient, unavailable } from './errors.js';
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
  private admin: Promise<Admin> | undefined;
  private ended = false;

  constructor(
    private readonly options: KafkaOptions,
    readonly groupId: string,
  ) {}

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
    const opened = (this.admin ??= this.connect());
    try {
      const admin = await opened;
      const found = await admin.fetchOffsets({ groupId: this.groupId, topics: [...topics] });
      return found.flatMap(({ topic, partitions }) =>
        // Below zero are Kafka's numbers for "nothing committed", or nothing that belongs to this log.
        partitions.map(({ partition, offset }) => {
          return { topic, partition, committed: BigInt(offset) < 0n ? null : offset };
        }),
      );
    } catch (error) {
      await this.replace(opened);
      throw isTransient(error) ? unavailable(error) : error;
    }
  }

  /** Call it when nobody asks any more. */
  async disconnect(): Promise<void> {
    this.ended = true;
    if (this.admin) await this.replace(this.admin);
  }

  private async connect(): Promise<Admin> {
    const admin = createClient(this.options).admin();
    await admin.connect();
    // A connection that is made while the process ends has nobody to close it.
    if (this.ended) await admin.disconnect();
    return admin;
  }

  /** Of several questions that failed on one connection, the first gives it up. */
  private async replace(failed: Promise<Admin>): Promise<void> {
    if (this.admin === failed) this.admin = undefined;
    await failed.then(
      (admin) => admin.disconnect(),
      () => undefined,
    );
  }
}
