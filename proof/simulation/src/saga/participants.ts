import type { DataOf, Message, MessageDefinition } from '@backstep/messages';
import { exampleData } from '@backstep/contracts/derived';
import type { SagaDefinition } from '@backstep/saga';
import {
  emit,
  Handlers,
  insert,
  many,
  one,
  reply,
  update,
  type Change,
  type DecideContext,
  type LoadedNeeds,
  type MessageHandler,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { Effect, effectId, type Said } from './effect.entity.js';

/** How often a participant refuses a command that it may refuse, of 1. */
const REFUSES = 0.15;

/** A command of a saga's table, as its participant handles it. */
export type Role =
  | {
      readonly kind: 'do';
      readonly command: MessageDefinition;
      readonly done: MessageDefinition;
      readonly refused: MessageDefinition | undefined;
    }
  | {
      readonly kind: 'undo';
      readonly command: MessageDefinition;
      readonly undone: MessageDefinition;
      readonly undoes: readonly string[];
    };

/** The start of one saga: its subject, and the fields of its event that differ from the example. */
export interface Started {
  readonly subject: string;
  readonly data: Readonly<Record<string, number>>;
}

/** Example data, about this subject. */
const dataAbout = (definition: MessageDefinition, subject: string): DataOf<MessageDefinition> => ({
  ...exampleData(definition),
  [definition.keyOf]: subject,
});

/** Carries a step out or refuses it; repeats its answer to a repeated command; refuses a step whose compensation came first. */
class DoHandler implements MessageHandler {
  constructor(private readonly role: Extract<Role, { kind: 'do' }>) {}

  needs({ subject, type }: Message) {
    return { effect: one(Effect, effectId(subject, type)) };
  }

  decide(
    command: Message,
    { effect }: LoadedNeeds<ReturnType<DoHandler['needs']>>,
    { random }: DecideContext,
  ): Change[] {
    const commandId = command.commandId ?? '';
    const known = effect?.said[commandId];
    if (known) return this.say(command, known);
    const refuses = effect?.undone === true || (this.role.refused !== undefined && random() < REFUSES);
    const said: Said = refuses ? 'REFUSED' : 'DONE';
    const row = effect
      ? update(Effect, effect, { said: { ...effect.said, [commandId]: said } })
      : insert(Effect, { id: effectId(command.subject, command.type), said: { [commandId]: said }, undone: false });
    return [row, ...this.say(command, said, row)];
  }

  private say(command: Message, said: Said, of?: ReturnType<typeof insert<Effect>>): Change[] {
    const { done, refused } = this.role;
    const event = said === 'DONE' ? done : refused;
    // A step that cannot be refused and whose compensation came first gets no answer: its saga does not wait for one any more.
    return event ? [reply(command, event, dataAbout(event, command.subject), { of })] : [];
  }
}

/** Undoes steps, or stores that they must never be done. */
class UndoHandler implements MessageHandler {
  constructor(private readonly role: Extract<Role, { kind: 'undo' }>) {}

  needs({ subject }: Message) {
    return {
      effects: many(
        Effect,
        this.role.undoes.map((command) => effectId(subject, command)),
      ),
    };
  }

  decide(command: Message, { effects }: LoadedNeeds<ReturnType<UndoHandler['needs']>>): Change[] {
    const rows = this.role.undoes
      .map((step) => effectId(command.subject, step))
      .flatMap((id) => {
        const effect = effects.get(id);
        if (effect?.undone) return [];
        return [effect ? update(Effect, effect, { undone: true }) : insert(Effect, { id, said: {}, undone: true })];
      });
    const { undone } = this.role;
    return [...rows, reply(command, undone, dataAbout(undone, command.subject), { of: rows[0] })];
  }
}

const startNeeds = ({ subject }: Started) => ({ started: one(Effect, effectId(subject, 'start')) });

/** Emits the event that starts the saga; a repeated request emits it again. */
export const startHandler = (
  startsOn: MessageDefinition,
): RequestHandler<Started, void, ReturnType<typeof startNeeds>> => ({
  needs: startNeeds,
  decide: ({ subject, data }, { started }) => {
    const told = emit(startsOn, { ...dataAbout(startsOn, subject), ...data });
    const row = insert(Effect, { id: effectId(subject, 'start'), said: {}, undone: false });
    return { answer: undefined, changes: started ? [told] : [row, told] };
  },
});

/** @throws Error when a command is a step in one row and a compensation in another */
export function rolesOf({ steps, whenUndone }: SagaDefinition): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>();
  const add = (role: Role): void => {
    const before = roles.get(role.command.name);
    if (before && before.kind !== role.kind) throw new Error(`${role.command.name} is a step and a compensation`);
    const undoes = [...new Set([before, role].flatMap((one) => (one?.kind === 'undo' ? one.undoes : [])))];
    roles.set(role.command.name, role.kind === 'undo' ? { ...role, undoes } : role);
  };
  for (const step of [...steps, ...(whenUndone ? [whenUndone] : [])]) {
    const { send, done, refused } = step.forward;
    add({ kind: 'do', command: send, done, refused: refused?.event });
    if (step.kind === 'compensatable') {
      add({ kind: 'undo', command: step.undo.send, undone: step.undo.done, undoes: [send.name] });
    }
  }
  return roles;
}

/** The handlers of one service for the commands of a saga. */
export function participantHandlers(roles: ReadonlyMap<string, Role>, service: string): Handlers {
  const handlers = new Handlers([]);
  for (const role of roles.values()) {
    if (role.command.service !== service) continue;
    handlers.add(role.command, role.kind === 'do' ? new DoHandler(role) : new UndoHandler(role));
  }
  return handlers;
}
