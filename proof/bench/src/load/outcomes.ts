import { PartitionReader } from '@backstep/kafka';
import type { Ending } from './samples.js';

const TOPIC = 'order.events';
const ENDINGS: Readonly<Record<string, Ending>> = { OrderConfirmed: 'CONFIRMED', OrderRejected: 'REJECTED' };
/** Ends of orders whose 202 has not been read yet. */
const EARLY_MAX = 100_000;

/** @param at of this process's monotonic clock, milliseconds */
export type EndingListener = (ending: Ending, at: number) => void;

/** What a load asks for how its orders end. */
export interface Endings {
  /** Tells once how the order ends. */
  whenEnded(orderId: string, listener: EndingListener): void;
  /** How many have been accepted and have not ended. */
  readonly open: number;
  /** Nobody waits any more for those that have not ended. */
  forget(): void;
}

/** Learns from Kafka how orders end, as anybody may who reads their events: the gateway is asked for nothing but to place them. */
export class Outcomes implements Endings {
  private readonly waiting = new Map<string, EndingListener>();
  private readonly early = new Map<string, { ending: Ending; at: number }>();
  private readonly closing = new AbortController();
  private readonly reader: PartitionReader;
  private following: Promise<void> = Promise.resolve();
  private failure: unknown;

  constructor(brokers: readonly string[]) {
    this.reader = new PartitionReader({ brokers: [...brokers], clientId: 'backstep-bench' });
  }

  start(): void {
    this.following = this.follow().catch((error: unknown) => void (this.failure = error));
  }

  /** @throws what ended the reading */
  assertFollowing(): void {
    if (this.failure) throw this.failure;
  }

  whenEnded(orderId: string, listener: EndingListener): void {
    const known = this.early.get(orderId);
    if (!known) return void this.waiting.set(orderId, listener);
    this.early.delete(orderId);
    listener(known.ending, known.at);
  }

  get open(): number {
    return this.waiting.size;
  }

  forget(): void {
    this.waiting.clear();
    this.early.clear();
  }

  async stop(): Promise<void> {
    this.closing.abort();
    await this.following;
    await this.reader.disconnect();
  }

  private async follow(): Promise<void> {
    for await (const messages of this.reader.tail([TOPIC], this.closing.signal)) {
      const at = performance.now();
      for (const { key, headers } of messages) {
        const ending = ENDINGS[headers['ce_type'] ?? ''];
        if (ending && key !== null) this.ended(key, ending, at);
      }
    }
  }

  private ended(orderId: string, ending: Ending, at: number): void {
    const listener = this.waiting.get(orderId);
    if (!listener) {
      if (this.early.size < EARLY_MAX) this.early.set(orderId, { ending, at });
      return;
    }
    this.waiting.delete(orderId);
    listener(ending, at);
  }
}
