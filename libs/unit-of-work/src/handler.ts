import type { Message, MessageDefinition } from '@backstep/contracts';
import type { Change } from './changes.js';
import type { LoadedNeeds, Needs } from './needs.js';

/** What is not in the message or the rows, and yet decides: given, so that a decision stays a plain function. */
export interface DecideContext {
  /** This process's clock, milliseconds since the epoch. For due times and display; never for ordering. */
  readonly now: number;
  /** A new UUIDv7. */
  newId(): string;
  /** In [0, 1). */
  random(): number;
}

/**
 * Handles one kind of message: says which rows it needs, then decides, as a plain function, what changes and what is said.
 *
 * `decide` may run several times for one message (a lost optimistic lock, a batch that is halved) and must have no effect of its
 * own. A refusal is an event it returns. What it throws means the message cannot be handled: it is parked.
 */
export interface MessageHandler<D extends MessageDefinition = MessageDefinition, N extends Needs = Needs> {
  needs(message: Message<D>): N;
  decide(message: Message<D>, state: LoadedNeeds<N>, context: DecideContext): readonly Change[];
}

/**
 * Handles what did not come from Kafka: an HTTP request, a timer, an answer from outside. It shares batches, commits and version
 * checks with the messages. What `decide` throws goes to the caller and nothing is written.
 */
export interface RequestHandler<I, A, N extends Needs = Needs> {
  needs(input: I): N;
  decide(
    input: I,
    state: LoadedNeeds<N>,
    context: DecideContext,
  ): { readonly answer: A; readonly changes: readonly Change[] };
}

type HandlerClass = abstract new (...args: never[]) => { needs(message: never): Needs; decide: unknown };

const handled = new WeakMap<object, readonly MessageDefinition[]>();

/** Names the message (or messages) that the class handles. */
export function Handles(...definitions: readonly MessageDefinition[]) {
  return <C extends HandlerClass>(target: C): void => {
    handled.set(target, definitions);
  };
}

/** The handlers of a service, by message name. @throws Error when one message has two handlers, or a class has no `@Handles`. */
export class Handlers {
  private readonly byName = new Map<string, MessageHandler>();

  constructor(handlers: readonly object[]) {
    for (const handler of handlers) {
      const definitions = handled.get(handler.constructor);
      if (!definitions) throw new Error(`${handler.constructor.name} lacks @Handles(Message)`);
      for (const { name } of definitions) this.add(name, handler as MessageHandler);
    }
  }

  /** For handlers made at start-up, such as those of a saga. */
  add(name: string, handler: MessageHandler): void {
    if (this.byName.has(name)) throw new Error(`${name} has two handlers`);
    this.byName.set(name, handler);
  }

  find(name: string): MessageHandler | undefined {
    return this.byName.get(name);
  }
}
