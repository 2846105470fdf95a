import type { Batch, Consumer, ConsumerFetchEvent, ConsumerFetchStartEvent, KafkaMessage } from 'kafkajs';
import { idOf } from '../message.js';
import { FetchAges } from './fetch-ages.js';
import { EXPRESS_FETCH_MAX_AGE_MS } from './settings.js';

/** For a reader that gets messages on another way, beside Kafka. */
export interface ExpressHooks {
  /** Whether the message is handled already. Asked once for each fetched record: one that is handled is neither decoded nor delivered. */
  isHandled(topic: string, partition: number, id: string): boolean;
  /** What lies in this partition may not have been delivered: it is not fetched for a while, or a fetch brought a part. */
  isBehind(topic: string, partition: number): void;
}

/** What a consumer does for a reader that gets messages on another way, too. Without hooks it does nothing. */
export class ExpressSide {
  private readonly fetches = new FetchAges();

  constructor(private readonly hooks: ExpressHooks | undefined) {}

  listenTo(consumer: Consumer): void {
    if (!this.hooks) return;
    const { FETCH, FETCH_START } = consumer.events;
    consumer.on(FETCH_START, ({ payload }: ConsumerFetchStartEvent) => this.fetches.started(payload.nodeId));
    consumer.on(FETCH, ({ payload }: ConsumerFetchEvent) => this.fetches.answered(payload.nodeId));
  }

  /** Whether each broker has answered a fetch a moment ago. */
  get isFresh(): boolean {
    return this.fetches.areWithin(EXPRESS_FETCH_MAX_AGE_MS);
  }

  /** The partitions went away, or come anew. */
  clear(): void {
    this.fetches.clear();
  }

  /** None of these partitions is fetched for a while. */
  behind(topics: Readonly<Record<string, readonly number[]>> = {}): void {
    if (!this.hooks) return;
    for (const [topic, partitions] of Object.entries(topics))
      for (const partition of partitions) this.hooks.isBehind(topic, partition);
  }

  /** The records of messages that are not handled yet: all of them without hooks. */
  unhandled(batch: Batch): readonly KafkaMessage[] {
    const { hooks } = this;
    if (!hooks) return batch.messages;
    const { topic, partition } = batch;
    // A fetch brings all that lies in the partition, up to its largest size.
    if (BigInt(batch.offsetLag()) > 0n) hooks.isBehind(topic, partition);
    return batch.messages.filter((record) => {
      const id = idOf(record);
      return id === undefined || !hooks.isHandled(topic, partition, id);
    });
  }
}
