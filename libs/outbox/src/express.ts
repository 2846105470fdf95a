import type { OutboxMessage } from './outbox.js';

/**
 * The way of committed messages to readers in this process, beside Kafka. The relay calls it in the order of the commits. Whatever becomes of a
 * message here, the relay sends it to Kafka too: see docs/decisions/0056-express-beside-kafka.md.
 */
export interface Express {
  /** @returns `handed-over`: nobody waits for Kafka's copy, which may wait for others to be sent with */
  offer(message: OutboxMessage): 'handed-over' | 'waits-for-kafka';
  /** The message goes by Kafka alone. What is offered afterwards must not overtake it. */
  skip(message: OutboxMessage): void;
  /**
   * Called once: what is given sends to Kafka at once all that lingers. For a reader that tells later that it waits for Kafka's copy of a message that
   * was handed over. Never throws.
   */
  onHurry?(hurry: () => void): void;
}

/** Express, as a relay uses it. */
export interface ExpressOptions {
  readonly express: Express;
  /** How long a message that was handed over waits for others to be sent with, milliseconds. */
  readonly lingerMs: number;
}
