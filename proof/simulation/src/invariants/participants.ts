import { isDeepStrictEqual } from 'node:util';
import type { Commit, OutboxRow } from '../postgres/store.js';
import type { Role } from '../saga/participants.js';
import type { Decided, Decisions } from '../saga/real-participant.js';
import { ViolationError } from '../world/violation.js';
import type { Watcher, World } from '../world/world.js';
import type { MessageInvariants, SentMessage } from './messages.js';

/** The state of a step at its participant. `never`: its command was not handled, or was refused. */
export type Effective = 'done' | 'undone' | 'never';

interface Answer {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The invariants of a saga's participants, checked with every commit of a service whose own handlers run: P1 a command that is sent
 * again gets the same answer, until its step is undone; P2 a command that is sent again changes nothing.
 */
export class ParticipantInvariants implements Watcher {
  /** Names of commands by command id. */
  private readonly commands = new Map<string, string>();
  /** The first answer by command id. */
  private readonly answers = new Map<string, Answer>();
  private readonly answered = new Set<string>();
  /** By saga and command. */
  private readonly effects = new Map<string, Effective>();
  private readonly takenBack = new Set<string>();

  constructor(
    private readonly world: World,
    private readonly roles: ReadonlyMap<string, Role>,
    private readonly services: ReadonlySet<string>,
    private readonly messages: MessageInvariants,
    private readonly decisions: Decisions,
  ) {}

  /** By the answers of a service whose own handlers run. */
  effect(sagaId: string, command: string): Effective {
    return this.effects.get(`${sagaId} ${command}`) ?? 'never';
  }

  committed({ store: { service }, sent, handled, unparked }: Commit): void {
    if (service === 'orchestrator') for (const { id } of sent) this.asked(id);
    if (!this.services.has(service)) return;
    const answered: string[] = [];
    for (const row of sent) {
      const message = this.messages.sent.get(row.id);
      if (message && this.said(message, row)) answered.push(message.commandId ?? '');
    }
    for (const id of [...handled, ...unparked]) {
      const decided = this.decisions.of(service, id);
      if (decided) this.changed(service, decided);
    }
    for (const commandId of answered) this.answered.add(commandId);
  }

  private asked(id: string): void {
    const { commandId, type } = this.messages.sent.get(id) ?? {};
    if (commandId !== undefined && type !== undefined && this.roles.has(type)) this.commands.set(commandId, type);
  }

  /** @returns whether the message answers a command of the saga */
  private said(message: SentMessage, { value }: OutboxRow): boolean {
    const { service, type, key, sagaId = '', commandId = '' } = message;
    const role = this.roles.get(this.commands.get(commandId) ?? '');
    if (!role) return false;
    const about = `${role.command.name} of ${this.world.story.nameOf(key)}`;
    const answer: Answer = { type, data: JSON.parse(value) as Answer['data'] };
    const first = this.answers.get(commandId);
    if (!first) this.answers.set(commandId, answer);
    else if (!this.takenBack.has(`${sagaId} ${role.command.name}`) && !isDeepStrictEqual(first, answer)) {
      this.broken('P1', `${service} answers ${about}, which is sent again, ${difference(first, answer)}`);
    }
    this.became(role, message, first !== undefined);
    return true;
  }

  private became(role: Role, { type, sagaId = '' }: SentMessage, again: boolean): void {
    if (role.kind === 'do') {
      if (type === role.done.name && !again) this.effects.set(`${sagaId} ${role.command.name}`, 'done');
      return;
    }
    for (const command of role.undoes) {
      const key = `${sagaId} ${command}`;
      this.takenBack.add(key);
      if (this.effects.get(key) === 'done') this.effects.set(key, 'undone');
    }
  }

  private changed(service: string, { message, changed, answers }: Decided): void {
    const { commandId, type, subject } = message;
    if (commandId === undefined || !this.roles.has(type)) return;
    const [row] = changed;
    if (row && this.answered.has(commandId)) {
      const about = `${type} of ${this.world.story.nameOf(subject)}`;
      this.broken('P2', `${service} changes its ${row.entity.name} once more for ${about}, which is sent again`);
    }
    if (answers) this.answered.add(commandId);
  }

  private broken(invariant: string, what: string): void {
    this.world.violated(new ViolationError(invariant, what));
  }
}

/** In the words of a violation: the answer now, beside the first one. */
function difference(first: Answer, now: Answer): string {
  if (first.type !== now.type) return `by ${now.type}, and before by ${first.type}`;
  const fields = Object.keys({ ...first.data, ...now.data }).filter(
    (field) => !isDeepStrictEqual(first.data[field], now.data[field]),
  );
  return `by ${now.type} with another ${fields.join(' and another ')}`;
}
