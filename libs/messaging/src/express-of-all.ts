import type { GroupMembers, KafkaLogger } from '@backstep/kafka';
import { backoffMs, delay } from '@backstep/resilience';

/** Pauses until Kafka is asked again who is in the group, while it does not say. */
const ASK_AGAIN = { baseMs: 100, capMs: 2_000 };

/** What {@link ExpressOfAll} asks and tells. */
export interface ExpressOfAllParts {
  /** The consumer group of the service. */
  readonly groupId: string;
  readonly members: Pick<GroupMembers, 'read' | 'close'>;
  readonly logger?: Pick<KafkaLogger, 'warn' | 'debug'> | undefined;
}

/**
 * Whether all processes of this service have express, as each has published with its membership in the consumer group. One without it deletes the row of a
 * message as soon as Kafka has it. The owner of the key would not learn of that message, and its next one, handed over, would overtake it.
 */
export class ExpressOfAll {
  constructor(private readonly parts: ExpressOfAllParts) {}

  /**
   * Asks Kafka until it says. Never rejects.
   * @param isOver the group deals anew: what it says from now on is of no interest
   */
  async ask(isOver: () => boolean): Promise<boolean> {
    const { groupId, logger } = this.parts;
    for (let attempt = 0; !isOver(); attempt++) {
      const without = await this.countWithout();
      if (without === 0) return true;
      if (without !== undefined) {
        logger?.warn('nothing goes by express: not all processes of this service have it', { groupId, without });
        return false;
      }
      await delay(backoffMs(ASK_AGAIN, attempt));
    }
    return false;
  }

  close(): Promise<void> {
    return this.parts.members.close();
  }

  /** @returns undefined when Kafka does not say: it is away, or the group is dealing */
  private async countWithout(): Promise<number | undefined> {
    const { groupId, members, logger } = this.parts;
    try {
      const all = (await members.read([groupId])).get(groupId) ?? [];
      return all.length === 0 ? undefined : all.filter(({ address }) => address === undefined).length;
    } catch (error) {
      logger?.debug('Kafka does not say who is in the group', { groupId, error });
      return undefined;
    }
  }
}
