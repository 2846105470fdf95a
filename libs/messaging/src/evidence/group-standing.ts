import type { GroupPosition, GroupPositions } from '@backstep/kafka';

/** How long Kafka may take to say where the group stands, milliseconds: the rest of an answer is given without it. */
const ANSWER_MS = 500;

/** How far a consumer group has read; null while Kafka does not answer. */
export type GroupEvidence = { readonly id: string; readonly positions: readonly GroupPosition[] } | null;

/** Asks Kafka where the group of this service stands, and does not wait for long. */
export class GroupStanding {
  constructor(
    private readonly positions: GroupPositions,
    /** That the group reads. */
    private readonly topics: readonly string[],
  ) {}

  /** In one partition of each topic. */
  at(partition: number): Promise<GroupEvidence> {
    return this.within(this.positions.at(this.topics, partition));
  }

  /** In all partitions. */
  all(): Promise<GroupEvidence> {
    return this.within(this.positions.all(this.topics));
  }

  async close(): Promise<void> {
    await this.positions.disconnect();
  }

  private async within(asked: Promise<readonly GroupPosition[]>): Promise<GroupEvidence> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ANSWER_MS)));
    // A question that comes too late, or fails, leaves its connection for the next one.
    const found = await Promise.race([asked.catch(() => undefined), late]);
    clearTimeout(timer);
    return found === undefined ? null : { id: this.positions.groupId, positions: found };
  }
}
