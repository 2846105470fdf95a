import { Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import type { MessageBatch } from '../message.js';

/** Nest's own filter logs an error and passes on `{ status: 'error' }`. The transport needs the error itself, to tell a retryable one from a bug. */
@Catch()
class ErrorsReachTheTransport implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

type BatchMethod = (batch: MessageBatch) => Promise<void>;

/**
 * Marks the method that handles a topic, called once per fetched partition: an `@EventPattern(topic)` that lets errors through.
 * The method resolves when everything in the batch is durable. After an error with `retryable === true` the same batch is delivered
 * again, after a pause. Any other error ends the process.
 */
export const BatchHandler =
  (topic: string) =>
  (target: object, name: string | symbol, method: TypedPropertyDescriptor<BatchMethod>): void => {
    EventPattern<Record<string, MessageBatch>>(topic)(target, name, method);
    UseFilters(new ErrorsReachTheTransport())(target, name, method);
  };
