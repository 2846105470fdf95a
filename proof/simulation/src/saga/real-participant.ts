import { isDeepStrictEqual } from 'node:util';
import type { EntityClass } from '@backstep/concurrency';
import type { Message } from '@backstep/messages';
import {
  handledBy,
  Handlers,
  isRowChange,
  type Change,
  type DecideContext,
  type LoadedNeeds,
  type MessageHandler,
  type Needs,
  type RowChange,
} from '@backstep/unit-of-work';
import type { Role } from './participants.js';

/** A service as it is built: the classes of its handlers and of its rows. */
export interface Participant {
  readonly service: string;
  /** Constructed without arguments. */
  readonly handlers: readonly (new () => object)[];
  readonly entities: readonly EntityClass[];
}

/** A participant's decision about one message. */
export interface Decided {
  readonly message: Message;
  /** The rows whose content the decision changes. */
  readonly changed: readonly RowChange[];
  /** Whether the decision answers the command. */
  readonly answers: boolean;
}

/** The latest decision by service and message id: a message whose write lost a race is decided again. */
export class Decisions {
  private readonly latest = new Map<string, Decided>();

  note(service: string, decided: Decided): void {
    this.latest.set(`${service} ${decided.message.id}`, decided);
  }

  of(service: string, id: string): Decided | undefined {
    return this.latest.get(`${service} ${id}`);
  }
}

/**
 * The participant's own handlers.
 * @param note called with every decision of theirs
 */
export function realHandlers({ handlers }: Participant, note: (decided: Decided) => void): Handlers {
  const all = new Handlers([]);
  for (const Handler of handlers) {
    const noted = new NotedHandler(new Handler() as MessageHandler, note);
    for (const definition of handledBy(Handler)) all.add(definition, noted);
  }
  return all;
}

class NotedHandler implements MessageHandler {
  constructor(
    private readonly inner: MessageHandler,
    private readonly note: (decided: Decided) => void,
  ) {}

  needs(message: Message): Needs {
    return this.inner.needs(message);
  }

  decide(message: Message, state: LoadedNeeds<Needs>, context: DecideContext): readonly Change[] {
    const changes = this.inner.decide(message, state, context);
    const answers = changes.some(
      (one) => one.change === 'send' && message.commandId !== undefined && one.metadata.commandId === message.commandId,
    );
    this.note({ message, answers, changed: changes.filter(isRowChange).filter((one) => differs(one, state)) });
    return changes;
  }
}

/** An update that writes a row as it was read does not count as a change. */
function differs({ change, row }: RowChange, state: LoadedNeeds<Needs>): boolean {
  if (change !== 'update') return true;
  const read = (Object.values(state) as unknown[]).flatMap((given) =>
    given instanceof Map ? [...(given as ReadonlyMap<string, unknown>).values()] : [given],
  );
  return !read.some((before) => isDeepStrictEqual({ ...(before as object) }, { ...(row as object) }));
}

/** @throws Error naming a participant that the saga asks nothing of, a command that it does not handle, or a handler that is not plain */
export function checkParticipants(
  saga: string,
  roles: ReadonlyMap<string, Role>,
  startedBy: string,
  participants: readonly Participant[],
): void {
  for (const { service, handlers } of participants) {
    const asked = [...roles.values()].map(({ command }) => command).filter((command) => command.service === service);
    if (asked.length === 0 && startedBy !== service) throw new Error(`${saga} asks nothing of ${service}`);
    const handled = new Set(handlers.flatMap((handler) => handledBy(handler)));
    const missing = asked.filter((command) => !handled.has(command)).map(({ name }) => name);
    if (missing.length > 0) {
      throw new Error(`${service} handles no ${missing.join(', no ')}: list a handler of it in the service's module`);
    }
    const wired = handlers.find(({ length }) => length > 0);
    if (wired) {
      throw new Error(
        `${wired.name} of ${service} takes arguments in its constructor: only handlers that need none can be simulated`,
      );
    }
  }
}
