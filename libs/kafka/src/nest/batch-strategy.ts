import { BaseRpcContext, Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { BatchConsumer, type BatchConsumerOptions, type ConsumerHealth } from '../consumer/batch-consumer.js';
import { HandlerMismatchError } from '../errors.js';
import type { MessageBatch } from '../message.js';

/**
 * The transport of @nestjs/microservices over batches: the `@BatchHandler(topic)` of a topic is called with a `MessageBatch`.
 *
 *     const strategy = new KafkaBatchStrategy({ brokers, clientId: 'kitchen', groupId: 'kitchen', topics: ['kitchen.commands'] });
 *     app.connectMicroservice({ strategy }); await app.startAllMicroservices();
 *
 * Nest's own Kafka transport takes one message at a time, awaits nothing, logs an unknown topic, and renames the group.
 */
export class KafkaBatchStrategy extends Server implements CustomTransportStrategy {
  override readonly propagatesEventHandlerErrors = true;
  private readonly consumer: BatchConsumer;

  constructor(private readonly options: BatchConsumerOptions) {
    super();
    this.consumer = new BatchConsumer(options, (batch) => this.dispatch(batch));
  }

  /** Starts consuming in the background, so that a process starts without Kafka too. @throws HandlerMismatchError through the callback. */
  listen(callback: (error?: Error) => void): void {
    const mismatch = this.findMismatch();
    if (mismatch) return callback(new HandlerMismatchError(mismatch));
    this.consumer.start();
    callback();
  }

  async close(): Promise<void> {
    await this.consumer.close();
  }

  /** For readiness and metrics. (`status` is taken by Nest.) */
  health(): ConsumerHealth {
    return this.consumer.health();
  }

  on(): never {
    throw new Error('KafkaBatchStrategy has no events; ask health() or give callbacks in its options');
  }

  /** The consumer below. The caller names its type, as Nest's signature wants it. */
  unwrap<T>(): T {
    return this.consumer as T;
  }

  private findMismatch(): string | undefined {
    const { topics } = this.options;
    const handled = [...this.messageHandlers.keys()];
    const unhandled = topics.filter((topic) => !handled.includes(topic));
    if (unhandled.length > 0) return `no @BatchHandler for ${unhandled.join(', ')}`;
    const unread = handled.filter((topic) => !topics.includes(topic));
    if (unread.length > 0) return `@BatchHandler for ${unread.join(', ')}, which this service does not read`;
    const twice = handled.filter((topic) => this.messageHandlers.get(topic)?.next);
    if (twice.length > 0) return `more than one @BatchHandler for ${twice.join(', ')}`;
    return undefined;
  }

  private async dispatch(batch: MessageBatch): Promise<void> {
    const handler = this.messageHandlers.get(batch.topic) as MessageHandler<MessageBatch, BaseRpcContext> | undefined;
    if (!handler) throw new HandlerMismatchError(`no @BatchHandler for ${batch.topic}`);
    const result: unknown = await handler(batch, new BaseRpcContext([batch]));
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }
}
