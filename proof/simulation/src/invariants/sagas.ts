import { hasEnded, violationsOf, type SagaDefinition, type SagaInstance, type SagaRegistry } from '@backstep/saga';
import { instanceOf, SagaRow } from '@backstep/saga/runtime';
import type { Commit, OutboxRow } from '../postgres/store.js';
import { ViolationError } from '../world/violation.js';
import type { Watcher, World } from '../world/world.js';
import type { MessageInvariants, SentMessage } from './messages.js';

/** The commands of a saga, in the order in which they were first sent. */
interface Asked {
  readonly forward: string[];
  readonly undone: string[];
  readonly commandIds: Map<string, string>;
  readonly asks: Set<string>;
}

/**
 * The invariants of every saga, checked with every commit of its orchestrator: I7 compensations are the reverse of the sent steps, each under
 * one command id, and a compensated saga has none left out; I9 an ended saga stays as it ended, only an answer to the awaited command moves
 * a saga, and every instance is sound; I10 a saga waits for no command that was not committed.
 */
export class SagaInvariants implements Watcher {
  /** Instances that have not ended. */
  live = 0;
  private readonly asked = new Map<string, Asked>();
  /** Command ids that were found committed. */
  private readonly awaited = new Set<string>();

  constructor(
    private readonly world: World,
    private readonly registry: SagaRegistry,
    private readonly messages: MessageInvariants,
  ) {}

  committed(commit: Commit): void {
    for (const { entity, before, after } of commit.rows) {
      if (entity !== SagaRow) continue;
      const [from, to] = [before, after].map((row) => row && instanceOf(row as unknown as SagaRow));
      if (to) this.moved(from, to, commit);
    }
    // Answers carry the id of their command too: only commands are counted.
    if (commit.store.service === 'orchestrator') for (const row of commit.sent) this.said(row);
  }

  private moved(from: SagaInstance | undefined, to: SagaInstance, { handled, unparked }: Commit): void {
    const [unsound] = violationsOf(to);
    if (unsound !== undefined) this.broken('I9', to, `cannot be: ${unsound}`);
    if (!from) this.live++;
    if (from && from.startedAt !== to.startedAt) this.broken('I9', to, 'begins anew');
    if (from && hasEnded(from)) this.broken('I9', to, `was ${from.status} and is written again as ${to.status}`);
    if (hasEnded(to) && !(from && hasEnded(from))) {
      this.live--;
      this.world.story.tell(() => `the saga of ${this.nameOf(to)} is ${to.status}`);
      this.world.coverage.add(`sagas ${to.status}`);
    }
    if (from && !hasEnded(from) && answered(from) < answered(to))
      this.answeredRightly(from, to, [...handled, ...unparked]);
    if (!hasEnded(to)) this.asksForWhatItAwaits(to);
  }

  /** The command must be committed with the wait for its answer or before: one that is sent later may never be sent. */
  private asksForWhatItAwaits(to: Exclude<SagaInstance, { endedAt: number }>): void {
    const { commandId, step } = to.awaiting;
    if (this.awaited.has(commandId)) return;
    this.awaited.add(commandId);
    const asked = [...this.messages.sent.values()].some((message) => message.commandId === commandId);
    if (!asked) this.broken('I10', to, `waits for ${step}, and has not committed the command`);
  }

  /** One of the answers that a commit has handled must be to the command that was awaited before. */
  private answeredRightly(
    from: Exclude<SagaInstance, { endedAt: number }>,
    to: SagaInstance,
    handled: readonly string[],
  ): void {
    const { commandId, step } = from.awaiting;
    const right = handled.some((id) => this.messages.sent.get(id)?.commandId === commandId);
    if (!right)
      this.broken('I9', to, `took an answer for ${step} that answers another command than the one it had sent`);
  }

  private said(row: OutboxRow): void {
    const message = this.messages.sent.get(row.id);
    if (!message?.sagaId || !message.commandId) return;
    const definition = this.definitionOf(message.sagaId);
    if (!definition) return;
    const asked = this.askedOf(message.sagaId);
    if (asked.asks.has(message.commandId)) return this.world.coverage.add('commands sent again');
    asked.asks.add(message.commandId);
    const undone = definition.steps.find(
      (step) => step.kind === 'compensatable' && step.undo.send.name === message.type,
    );
    if (undone) this.undo(asked, undone.name, message, definition);
    else {
      const step = definition.steps.find(
        ({ name, forward }) => forward.send.name === message.type && !asked.forward.includes(name),
      );
      if (step) asked.forward.push(step.name);
    }
  }

  private undo(asked: Asked, step: string, message: SentMessage, definition: SagaDefinition): void {
    this.world.coverage.add('compensations');
    const sameCommand = definition.steps.filter(
      (one) => one.kind === 'compensatable' && one.undo.send.name === message.type,
    );
    // One command may undo several steps: then the messages do not show their order.
    if (sameCommand.length > 1) return;
    const at = asked.forward.indexOf(step);
    const last = asked.undone.at(-1);
    const about = `compensation of ${step} of ${this.world.story.nameOf(message.key)}`;
    if (at < 0) this.report('I7', `the ${about} was asked for, and the step never was`);
    if (asked.undone.includes(step)) this.report('I7', `the ${about} was asked for under two command ids`);
    if (last !== undefined && at > asked.forward.indexOf(last)) {
      this.report('I7', `the ${about} comes after that of ${last}, which was asked before it`);
    }
    asked.undone.push(step);
  }

  private readonly definitions = new Map<string, SagaDefinition>();

  private definitionOf(sagaId: string): SagaDefinition | undefined {
    const known = this.definitions.get(sagaId);
    if (known) return known;
    const row = this.world.store('orchestrator').find(SagaRow, sagaId);
    const definition = row && this.registry.definitionOf(instanceOf(row));
    if (definition) this.definitions.set(sagaId, definition);
    return definition;
  }

  private askedOf(sagaId: string): Asked {
    let asked = this.asked.get(sagaId);
    if (!asked) {
      asked = { forward: [], undone: [], commandIds: new Map(), asks: new Set() };
      this.asked.set(sagaId, asked);
    }
    return asked;
  }

  private nameOf({ subject }: SagaInstance): string {
    return this.world.story.nameOf(subject);
  }

  private broken(invariant: string, saga: SagaInstance, what: string): void {
    this.report(invariant, `the saga of ${this.nameOf(saga)} ${what}`);
  }

  private report(invariant: string, what: string): void {
    this.world.violated(new ViolationError(invariant, what));
  }
}

/** The number of answers in a journal. */
const answered = ({ steps }: SagaInstance): number =>
  steps.reduce(
    (count, { answeredAt, undo }) =>
      count + (answeredAt === undefined ? 0 : 1) + (undo?.answeredAt === undefined ? 0 : 1),
    0,
  );
