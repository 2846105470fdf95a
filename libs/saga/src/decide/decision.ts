import type { CommandDefinition, Message } from '@backstep/messages';
import type { Data, Direction, Instant, SagaInstance } from './instance.js';

/** What can happen to a saga. */
export type SagaInput =
  | { readonly kind: 'start'; readonly message: Message }
  | { readonly kind: 'event'; readonly message: Message }
  | TimerInput;

/** A timer as it was stored. `dueAt` is when the timer was due, not when it fired. */
export interface TimerInput {
  readonly kind: 'timer';
  readonly name: TimerName;
  readonly dueAt: Instant;
}

/** `step`: an attempt was not answered in time. `deadline`: the saga is not done in time. */
export type TimerName = 'step' | 'deadline';

/** All timers of an instance, at most one of each name. A timer that is not here is cancelled. */
export interface SagaTimers {
  readonly step?: Instant;
  readonly deadline?: Instant;
}

/** What a decision uses beside its inputs. With it, `decide` is deterministic. */
export interface DecideContext {
  readonly now: Instant;
  newId(): string;
  /** Uniform in [0, 1). */
  random(): number;
}

/** A command to send. Each attempt is a new message, so that the participant's inbox accepts it, with the same `commandId`. */
export interface SagaCommand {
  readonly definition: CommandDefinition;
  readonly data: Data;
  readonly commandId: string;
  readonly sagaId: string;
  readonly step: string;
  readonly direction: Direction;
  /** 1 for the first attempt. */
  readonly attempt: number;
}

/**
 * Why an input changed nothing.
 * - `already_started`: the saga exists
 * - `no_such_saga`: an event or timer for a saga that does not exist, or a start by an event that does not start it
 * - `ended`: the saga is terminal
 * - `not_awaited`: it answers another command than the awaited one: late, a duplicate, or another saga's
 * - `not_an_answer`: it answers the awaited command, but is neither `done` nor `refused`
 * - `cannot_turn_back`: the saga is asked to turn back, and its outcome may be decided, or it is on its way back already
 * - `unknown_definition`: this process does not have the version of the definition that the saga began with. The command is sent again when
 *   the attempt times out, and a process that has the version gets the answer: during a deployment of orchestrators both kinds run
 * - `stale_timer`: the timer was moved or cancelled meanwhile
 * - `not_due`: the timer fired early, by a clock ahead of this one; the timer stays, and fires again
 */
export type IgnoredReason =
  | 'already_started'
  | 'no_such_saga'
  | 'ended'
  | 'not_awaited'
  | 'not_an_answer'
  | 'cannot_turn_back'
  | 'unknown_definition'
  | 'stale_timer'
  | 'not_due';

/** The input counted: what is to be written, sent, and waited for. */
export interface Moved {
  readonly ignored?: undefined;
  readonly instance: SagaInstance;
  readonly commands: readonly SagaCommand[];
  readonly timers: SagaTimers;
}

/** Nothing to write: `instance` is the same object as the argument. */
export interface Ignored {
  readonly ignored: IgnoredReason;
  readonly instance: SagaInstance | undefined;
  readonly commands: readonly [];
  readonly timers: SagaTimers;
}

/** What {@link decide} says. `ignored` tells the two apart. */
export type Decision = Moved | Ignored;

/** The timers of an instance. A store may keep them beside the instance instead of computing them each time. */
export function timersOf(saga: SagaInstance): SagaTimers {
  if (saga.status === 'COMPENSATING') return { step: saga.awaiting.dueAt };
  if (saga.status !== 'RUNNING') return {};
  const deadline = saga.deadlinePassedAt === undefined ? { deadline: saga.deadlineAt } : {};
  return { step: saga.awaiting.dueAt, ...deadline };
}

export const moved = (instance: SagaInstance, ...commands: readonly SagaCommand[]): Moved => ({
  instance,
  commands,
  timers: timersOf(instance),
});

export const ignored = (instance: SagaInstance | undefined, reason: IgnoredReason): Ignored => ({
  ignored: reason,
  instance,
  commands: [],
  timers: instance ? timersOf(instance) : {},
});
