import { Controller, Inject, type Type } from '@nestjs/common';
import { BatchHandler, type MessageBatch } from '@backstep/kafka';
import { Messaging } from './messaging.js';

/** The `@EventPattern` handler of a topic: hands each batch to the unit of work. NestJS stands on the path once a batch. */
export function batchController(topic: string): Type {
  @Controller()
  class BatchController {
    constructor(@Inject(Messaging) private readonly messaging: Messaging) {}

    @BatchHandler(topic)
    handle({ messages }: MessageBatch): Promise<void> {
      return this.messaging.consumer.deliver(messages);
    }
  }
  return BatchController;
}
