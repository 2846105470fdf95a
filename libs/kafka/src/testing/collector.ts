import { BatchConsumer, type BatchConsumerOptions } from '../consumer/batch-consumer.js';
import type { MessageBatch, ReceivedMessage } from '../message.js';
import { testBrokers } from './kafka.js';

/** A consumer for specs that keeps the batches it has handled. */
export class Collector {
  readonly batches: MessageBatch[] = [];
  readonly crashes: Error[] = [];
  readonly consumer: BatchConsumer;

  constructor(
    options: Pick<BatchConsumerOptions, 'groupId' | 'topics'> & Partial<BatchConsumerOptions>,
    handle: (batch: MessageBatch) => Promise<void> = () => Promise.resolve(),
  ) {
    this.consumer = new BatchConsumer(
      { brokers: testBrokers(), clientId: 'spec', onCrash: (error) => this.crashes.push(error), ...options },
      async (batch) => {
        await handle(batch);
        this.batches.push(batch);
      },
    );
  }

  get messages(): ReceivedMessage[] {
    return this.batches.flatMap(({ messages }) => messages);
  }

  get values(): (string | null)[] {
    return this.messages.map(({ value }) => value);
  }

  get connected(): boolean {
    return this.consumer.health().connected;
  }
}
