import type { Message } from '@backstep/messages';
import { dedupeIdOf, parkedKey, type Delivered, type ParkedOperation } from '@backstep/inbox';
import type { MessageHandler, RequestHandler } from './handler.js';

interface Settle<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** How a parked message is handled once more. */
export interface Replay {
  /** How often it was tried before; undefined: however often. */
  readonly attempts?: number | undefined;
  /** Who wanted it: stored in the same write. */
  readonly operation?: ParkedOperation | undefined;
}

/** A message that can be handled. */
export interface MessageWork {
  readonly kind: 'message';
  readonly id: string;
  readonly key: string;
  readonly delivered: Delivered;
  readonly message: Message;
  readonly handler: MessageHandler;
  /** This parked message is handled once more: its inbox row exists already, and its parked row is deleted. Undefined: it is none. */
  readonly replay: Replay | undefined;
  /** It came by express. It is never parked: when it fails, or its key is held, it is rejected, and Kafka's copy decides. */
  readonly express: boolean;
  readonly settle: Settle<void>;
}

/** A message that cannot be handled: it is parked. */
export interface PoisonWork {
  readonly kind: 'poison';
  readonly id: string;
  readonly key: string;
  readonly delivered: Delivered;
  readonly cause: string;
  readonly error: string;
  /** The message's content could not be stored: only its place in Kafka is parked. */
  readonly stub?: boolean | undefined;
  readonly settle: Settle<void>;
}

/** A request from within the process. */
export interface RequestWork {
  readonly kind: 'request';
  readonly handler: RequestHandler<unknown, unknown>;
  readonly input: unknown;
  readonly settle: Settle<unknown>;
}

export type Work = MessageWork | PoisonWork | RequestWork;

/** Makes the work, and a promise that settles when the work is committed or has failed. */
export function workOf<W extends Work>(make: (settle: W['settle']) => W): { work: W; done: Promise<unknown> } {
  const { promise, resolve, reject } = deferred();
  return { work: make({ resolve, reject } as W['settle']), done: promise };
}

function deferred(): { promise: Promise<unknown>; resolve(value: unknown): void; reject(error: unknown): void } {
  let resolve!: (value: unknown) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise((res, rej) => {
    resolve = res;
    reject = rej;
  });
  return { promise, resolve, reject };
}

/** The message as poisoned work, after it failed in a batch of its own. */
export const poisoned = (work: MessageWork, cause: string, error: string): PoisonWork => ({
  kind: 'poison',
  id: work.id,
  key: work.key,
  delivered: work.delivered,
  cause,
  error,
  settle: work.settle,
});

/** Poisoned work whose content cannot be stored: only its place in Kafka is parked. */
export const stubOf = (work: PoisonWork, failure: Error): PoisonWork => ({
  kind: 'poison',
  id: work.id,
  key: work.key,
  delivered: work.delivered,
  cause: 'unstorable',
  error: `it could not be stored (${failure.name}${stateOf(failure)}); it was to be parked as ${work.cause}`,
  stub: true,
  settle: work.settle,
});

/** The SQLSTATE alone: the error's text may contain bytes of the message. */
function stateOf(failure: Error): string {
  const { code } = failure as { code?: unknown };
  return typeof code === 'string' ? ` ${code}` : '';
}

export const identify = (delivered: Delivered): { id: string; key: string } => ({
  id: dedupeIdOf(delivered),
  // In its stored form: held messages are found by it.
  key: parkedKey(delivered.key),
});
