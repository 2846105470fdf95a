import { Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import type { MessageBatch } from '../message.js';

/** Nest's own filter logs an error and hands `{ status: 'error' }` on; the transport must see the error itself to tell a retryable one from a bug. */
@Catch()
class ErrorsReachTheTransport implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

type BatchMethod = (batch: MessageBatch) => Promise<void>;

/**
 * Marks the method that handles a topic, called once per fetched partition: an `@EventPattern(topic)` that lets errors through.
 * The method resolves when everything in the batch is durable. An error with `retryable === true` brings the same batch
 * again after a pause; any other ends the process.
 */
export const BatchHandler =
  (topic: string) =>
  (target: object, name: string | symbol, method: TypedPropertyDescriptor<BatchMethod>): void => {
    EventPattern<Record<string, MessageBatch>>(topic)(target, name, method);
    UseFilters(new ErrorsReachTheTransport())(target, name, method);
  };
