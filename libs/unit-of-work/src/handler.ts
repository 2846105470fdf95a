import type { Message, MessageDefinition } from '@backstep/messages';
import type { Change } from './changes.js';
import type { LoadedNeeds, Needs } from './needs.js';
import type { Edited } from './stale/edit.js';

/** What a decision may use beside the message and the rows. It is passed in, so that `decide` stays a pure function. */
export interface DecideContext {
  /** This process's clock, milliseconds since the epoch. For due times and display; never for ordering. */
  readonly now: number;
  /** A new UUIDv7. */
  newId(): string;
  /** In [0, 1). */
  random(): number;
}

/**
 * Handles one kind of message. `needs` names the rows; `decide`, a pure function, returns the rows to change and the messages to send.
 *
 * `decide` may run several times for one message (a lost optimistic lock, a batch that is halved) and must have no side effect. It
 * returns a business refusal as an event. When it throws, the message cannot be handled and is parked.
 */
export interface MessageHandler<D extends MessageDefinition = MessageDefinition, N extends Needs = Needs> {
  needs(message: Message<D>): N;
  decide(message: Message<D>, state: LoadedNeeds<N>, context: DecideContext): readonly Change[];
}

/**
 * Handles what did not come from Kafka: an HTTP request, a timer, an answer from outside. Requests share batches, commits and version
 * checks with messages. What `decide` throws goes to the caller, and nothing is written.
 */
export interface RequestHandler<I, A, N extends Needs = Needs> {
  needs(input: I): N;
  decide(input: I, state: LoadedNeeds<N>, context: DecideContext): Decision<A>;
}

/** What a request handler decides. A handler around another one passes on all that the inner one has decided. */
export interface Decision<A> {
  readonly answer: A;
  readonly changes: readonly Change[];
  /** What the decision edits, for the change log. Set by the runtime: see `EditHandler`. */
  readonly edited?: Edited | undefined;
}

type HandlerClass = abstract new (...args: never[]) => { needs(message: never): Needs; decide: unknown };

const handled = new WeakMap<object, readonly MessageDefinition[]>();

/** Names the messages, or the versions of one message, that the class handles. */
export function Handles(...definitions: readonly MessageDefinition[]) {
  return <C extends HandlerClass>(target: C): void => {
    handled.set(target, definitions);
  };
}

/** @returns what the class handles. @throws Error when it has no `@Handles` */
export function handledBy(handler: { readonly name: string }): readonly MessageDefinition[] {
  const definitions = handled.get(handler);
  if (!definitions) throw new Error(`${handler.name} lacks @Handles(Message)`);
  return definitions;
}

/** A handler, and the version of a message that it is for. */
export interface Handled {
  readonly definition: MessageDefinition;
  readonly handler: MessageHandler;
}

/**
 * The handlers of a service, by message name and version.
 * @throws Error when a version of a message has two handlers, or a class has no `@Handles`
 */
export class Handlers {
  private readonly byName = new Map<string, Map<number, Handled>>();

  constructor(handlers: readonly object[]) {
    for (const handler of handlers) {
      for (const definition of handledBy(handler.constructor)) this.add(definition, handler as MessageHandler);
    }
  }

  /** For handlers made at start-up, such as those of a saga. */
  add(definition: MessageDefinition, handler: MessageHandler): void {
    const { name, version, topic } = definition;
    const versions = this.byName.get(name) ?? new Map<number, Handled>();
    if (versions.has(version)) throw new Error(`${name} version ${version} of ${topic} has two handlers`);
    this.byName.set(name, versions.set(version, { definition, handler }));
  }

  find(name: string, version: number): Handled | undefined {
    return this.byName.get(name)?.get(version);
  }

  /** The versions of a message that are handled here, in order. */
  versionsOf(name: string): number[] {
    return [...(this.byName.get(name)?.keys() ?? [])].sort((a, b) => a - b);
  }
}
