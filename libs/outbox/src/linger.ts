import type { ExpressOptions } from './express.js';
import type { OutboxMessage } from './outbox.js';

/**
 * Offers committed messages to express, and says when they are sent to Kafka: together, `lingerMs` after the first that was handed over to all who
 * wait for it, or as soon as one was not. Their order stays that of their commits.
 */
export class Linger {
  /** True: what is in memory is sent now. */
  isDue = false;
  private timer: NodeJS.Timeout | undefined;
  /** Topics and shards of which a message was committed since this process owns the shard. */
  private begun = new Set<string>();

  /**
   * @param owns whether this process sends the messages of a shard, so that no other sends later ones meanwhile
   * @param due called when messages have waited for long enough
   */
  constructor(
    private readonly options: ExpressOptions,
    private readonly owns: (shard: number) => boolean,
    private readonly due: () => void,
  ) {}

  /** This process got shards. What their former owner sent may lie in Kafka unread, so the next message of each goes by Kafka alone. */
  beginAnew(): void {
    this.begun = new Set();
  }

  /**
   * Messages were committed and are in memory.
   * @param inOrder false: an earlier message of their keys is in the table only
   */
  committed(messages: readonly OutboxMessage[], inOrder: boolean): void {
    let allHandedOver = true;
    for (const message of messages) {
      if (!this.handOver(message, inOrder)) allHandedOver = false;
    }
    if (!allHandedOver) this.hurry();
    else if (messages.length > 0) this.wait();
  }

  /** Messages that were read from the table go by Kafka alone. */
  found(messages: readonly OutboxMessage[]): void {
    for (const message of messages) this.options.express.skip(message);
    if (messages.length > 0) this.hurry();
  }

  /** What is in memory is sent now. */
  hurry(): void {
    this.isDue = true;
    this.stop();
  }

  /** Messages were taken to be sent. @param left how many were not */
  taken(left: number): void {
    if (left === 0) this.isDue = false;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private handOver(message: OutboxMessage, inOrder: boolean): boolean {
    const { express } = this.options;
    // The owner of the shard alone hands over: two processes would overtake each other.
    if (!this.owns(message.shard)) return false;
    const place = `${message.topic}/${message.shard}`;
    if (inOrder && this.begun.has(place)) return express.offer(message) === 'handed-over';
    this.begun.add(place);
    express.skip(message);
    return false;
  }

  private wait(): void {
    if (this.isDue) return;
    this.timer ??= setTimeout(() => {
      this.hurry();
      this.due();
    }, this.options.lingerMs);
  }
}
