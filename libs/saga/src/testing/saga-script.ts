import {
  message,
  newId,
  type CommandDefinition,
  type DataOf,
  type EventDefinition,
  type Message,
} from '@backstep/messages';
import { exchangeOf } from '../decide/send-command.js';
import { decide } from '../decide/decide.js';
import {
  timersOf,
  type DecideContext,
  type Decision,
  type Moved,
  type SagaCommand,
  type SagaInput,
  type TimerName,
} from '../decide/decision.js';
import {
  failureOf,
  hasEnded,
  type Instant,
  type OperatorAction,
  type SagaInstance,
  type SagaStatus,
} from '../decide/instance.js';
import { assertSound } from '../decide/invariants.js';
import { IllegalOperatorActionError, operate } from '../decide/operate.js';
import { MAX_ATTEMPTS } from '../definition/check-definition.js';
import type { SagaDefinition } from '../definition/saga.js';
import { differences, type DeepPartial } from './partial-match.js';
import { parsed, sampleOf } from './sample.js';

/** A saga did not play its script. The message shows the story up to there. */
export class SagaScriptError extends Error {
  override readonly name = 'SagaScriptError';
}

const SCRIPT_STARTS_AT: Instant = Date.UTC(2030, 0, 1);
const SOURCE = 'script';

/**
 * Tests a saga as a script, without a broker, a database or a clock:
 * `given(bakeCake).startedBy(wish).expect(BakeCake).reply(CakeBaked) … .endsAs('COMPLETED')`.
 * Every command must be expected before the script goes on, must match its schema, and every instance must survive JSON.
 */
export const given = <S extends EventDefinition>(
  definition: SagaDefinition<S>,
): { startedBy(data: DataOf<S>): SagaScript<S> } => ({ startedBy: (data) => new SagaScript(definition, data) });

/** A saga that is played: see {@link given}. Every method throws SagaScriptError when the saga does otherwise. */
export class SagaScript<S extends EventDefinition> {
  private saga: SagaInstance | undefined;
  private now = SCRIPT_STARTS_AT;
  private readonly story: string[] = [];
  private readonly sent: SagaCommand[] = [];
  private unexpected: readonly SagaCommand[] = [];
  private lastReply: Message | undefined;

  constructor(
    private readonly definition: SagaDefinition<S>,
    private readonly start: DataOf<S>,
  ) {
    this.counts(`started by ${definition.startsOn.name}`, { kind: 'start', message: this.startMessage() });
  }

  /** The saga has sent this command, with at least these data. */
  expect<D extends CommandDefinition>(definition: D, data?: DeepPartial<DataOf<D>>): this {
    const [command, ...others] = this.unexpected;
    if (!command) this.fail(`expected the command ${definition.name}, and nothing was sent`);
    if (command.definition !== definition)
      this.fail(`expected the command ${definition.name}, and ${command.definition.name} was sent`);
    const differing = differences(data ?? {}, parsed(definition, command.data));
    if (differing.length > 0) this.fail(`${definition.name}: ${differing.join('; ')}`);
    this.unexpected = others;
    this.sent.push(command);
    this.story.push(`→ ${definition.name}${command.attempt > 1 ? ` (attempt ${command.attempt})` : ''}`);
    return this;
  }

  /** The awaited command is sent once more, with the same command id, so that an answer to either counts. */
  sendsAgain(): this {
    const before = this.lastSent();
    this.expect(before.definition);
    if (this.lastSent().commandId !== before.commandId)
      this.fail(`${before.definition.name} was sent again with another command id`);
    return this;
  }

  /** The participant answers the latest command. Missing fields are taken from the command or the start, else made up. */
  reply<D extends EventDefinition>(definition: D, data: Partial<DataOf<D>> = {}): this {
    const command = this.lastSent();
    const event = this.event(definition, sampleOf(definition, data, command.data, this.start), command.commandId);
    this.lastReply = event;
    return this.counts(`← ${definition.name}`, { kind: 'event', message: event });
  }

  /** An event that answers no command of the saga, and counts: the one that it turns back on. */
  hears<D extends EventDefinition>(definition: D, data: Partial<DataOf<D>> = {}): this {
    return this.counts(`← ${definition.name}`, { kind: 'event', message: this.told(definition, data) });
  }

  /** The last answer is delivered a second time, and changes nothing. */
  replyAgain(): this {
    const reply = this.lastReply ?? this.fail('nothing was replied yet');
    return this.isIgnored(`← ${reply.type} (again)`, { kind: 'event', message: reply });
  }

  /** This event changes nothing. It answers the latest command that it can answer, or an unknown one. */
  ignores<D extends EventDefinition>(definition: D, data: Partial<DataOf<D>> = {}): this {
    if (definition.name === this.definition.startsOn.name) {
      return this.isIgnored(`← ${definition.name} (again)`, { kind: 'start', message: this.startMessage() });
    }
    if (definition.name === this.definition.turnsBackOn?.event.name) {
      return this.isIgnored(`← ${definition.name} (too late)`, { kind: 'event', message: this.told(definition, data) });
    }
    const answered = this.sent.findLast((command) => {
      const { done, refused } = exchangeOf(this.definition, command);
      return done.name === definition.name || refused?.event.name === definition.name;
    });
    const event = this.event(definition, sampleOf(definition, data, this.start), answered?.commandId ?? newId());
    return this.isIgnored(`← ${definition.name} (to be ignored)`, { kind: 'event', message: event });
  }

  /** The current attempt is not answered in time. */
  timesOut(): this {
    const dueAt = timersOf(this.instance()).step ?? this.fail('nothing is waited for');
    this.now = Math.max(this.now, dueAt);
    return this.counts('… no answer', this.timer('step', dueAt));
  }

  /** The latest command is not answered, until all its attempts are spent. */
  staysSilent(): this {
    const silent = this.lastSent();
    for (let attempt = silent.attempt; attempt <= MAX_ATTEMPTS; attempt += 1) {
      this.timesOut();
      if (this.unexpected[0]?.commandId !== silent.commandId) return this;
      this.sendsAgain();
    }
    return this.fail(`${silent.definition.name} is sent without an end`);
  }

  /** An operator acts; the commands that follow must be expected as usual. @throws SagaScriptError when the action is not legal */
  operator(action: OperatorAction, reason = 'the script says so'): this {
    this.everythingExpected();
    this.story.push(`an operator: ${action}`);
    try {
      const request = { action, by: SOURCE, reason };
      this.moveTo(operate(this.definition, this.instance(), request, this.context()));
    } catch (error) {
      if (!(error instanceof IllegalOperatorActionError)) throw error;
      this.fail(error.message);
    }
    return this;
  }

  /** The saga's deadline passes now. A saga that cannot turn back sends nothing. */
  deadlinePasses(): this {
    const { deadlineAt } = this.instance();
    this.now = Math.max(this.now, deadlineAt);
    this.everythingExpected();
    this.take('… the deadline passes', this.timer('deadline', deadlineAt));
    return this;
  }

  /** The saga has this status now, for a script that goes on. */
  isNow(status: SagaStatus): this {
    this.everythingExpected();
    if (this.instance().status !== status)
      this.fail(`expected it to be ${status}, and it is ${this.instance().status}`);
    return this;
  }

  /** The saga has ended with this status and failure. @returns the instance, for assertions that a script has no words for */
  endsAs(
    status: 'COMPLETED' | 'COMPENSATED' | 'ABANDONED',
    failure: DeepPartial<{ code: string; message: string }> = {},
  ): SagaInstance {
    this.isNow(status);
    const differing = differences(failure, failureOf(this.instance()) ?? {}, 'failure');
    if (differing.length > 0) this.fail(differing.join('; '));
    return this.instance();
  }

  /** The instance as it is now, for assertions that a script has no words for. */
  instance(): SagaInstance {
    return this.saga ?? this.fail('it has not started');
  }

  private counts(line: string, input: SagaInput): this {
    this.everythingExpected();
    const { ignored } = this.take(line, input);
    return ignored ? this.fail(`it was ignored: ${ignored}`) : this;
  }

  private isIgnored(line: string, input: SagaInput): this {
    const before = this.saga;
    const decision = this.take(line, input);
    if (!decision.ignored || decision.instance !== before) this.fail('it counted, and should have been ignored');
    return this;
  }

  private take(line: string, input: SagaInput): Decision {
    this.story.push(line);
    const decision = decide(this.definition, this.saga, input, this.context());
    if (!decision.ignored) this.moveTo(decision);
    return decision;
  }

  private moveTo({ instance, commands }: Moved): void {
    assertSound(instance);
    this.saga = throughJson(instance);
    this.unexpected = commands;
    if (hasEnded(this.saga)) this.story.push(this.saga.status);
  }

  private context(): DecideContext {
    return { now: this.now, newId, random: () => 0.5 };
  }

  private everythingExpected(): void {
    const [command] = this.unexpected;
    if (command) this.fail(`${command.definition.name} was sent, and the script does not expect it`);
  }

  private lastSent(): SagaCommand {
    return this.sent.at(-1) ?? this.fail('no command was expected yet');
  }

  private told<D extends EventDefinition>(definition: D, data: Partial<DataOf<D>>): Message {
    return this.event(definition, sampleOf(definition, data, this.start), undefined);
  }

  private startMessage(): Message {
    return this.event(this.definition.startsOn, parsed(this.definition.startsOn, this.start), undefined);
  }

  private event(definition: EventDefinition, data: Record<string, unknown>, commandId: string | undefined): Message {
    return message(definition, data, {
      source: SOURCE,
      sagaId: this.saga?.id,
      commandId,
      time: new Date(this.now).toISOString(),
    });
  }

  private timer(name: TimerName, dueAt: Instant): SagaInput {
    return { kind: 'timer', name, dueAt };
  }

  private fail(what: string): never {
    throw new SagaScriptError(`${this.definition.name}: ${what}\n${this.story.map((line) => `  ${line}`).join('\n')}`);
  }
}

/** The instance as a store would return it, compared with the original, so that nothing is lost on the way. */
function throughJson(instance: SagaInstance): SagaInstance {
  const copy = JSON.parse(JSON.stringify(instance)) as SagaInstance;
  const lost = [...differences(instance, copy), ...differences(copy, instance)];
  if (lost.length > 0) throw new SagaScriptError(`the instance does not survive JSON: ${lost.join('; ')}`);
  return copy;
}
