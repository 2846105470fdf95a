import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line that is logged on the way carries. `traceparent` goes along for the messages and requests sent from here. */
export interface LogContext {
  readonly orderId?: string | undefined;
  readonly sagaId?: string | undefined;
  readonly traceId?: string | undefined;
  readonly requestId?: string | undefined;
  /** The W3C header of the current hop: what an outgoing message or request is the child of. Not logged; `traceId` is. */
  readonly traceparent?: string | undefined;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Runs `fn`, and all that it awaits, with these fields added to the context. */
export const withLogContext = <Result>(fields: LogContext, fn: () => Result): Result =>
  storage.run({ ...storage.getStore(), ...fields }, fn);

/** The context of the code that calls. Empty outside of `withLogContext` and of requests. */
export const currentLogContext = (): LogContext => storage.getStore() ?? EMPTY;

const EMPTY: LogContext = Object.freeze({});
