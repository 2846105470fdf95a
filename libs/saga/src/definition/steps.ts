import type { CommandDefinition, DataOf, EventDefinition } from '@backstep/messages';
import type { Milliseconds } from './durations.js';
import type { Failure } from './failure.js';
import {
  COMPENSATABLE_RETRY,
  PERSISTENT_RETRY,
  RETRY_AFTER,
  type RetryOptions,
  type RetryPolicy,
} from './retry-policy.js';

/** What a forward command may be written from, beside the data of the start event. */
export interface Facts {
  /**
   * The data of an earlier step's answer.
   * @throws SagaDefinitionError when no step before this one is answered by that event.
   */
  answer<D extends EventDefinition>(event: D): DataOf<D>;
}

/** What a compensation may be written from. An answer may be missing, since a step that timed out is undone without one. */
export interface UndoFacts<Code extends string = string> {
  answer<D extends EventDefinition>(event: D): DataOf<D> | undefined;
  /** Why the saga turned back. */
  readonly failure: Failure<Code>;
}

/** One command, its answers and its retry policy: what every kind of step consists of. */
export interface Exchange<
  S extends EventDefinition = EventDefinition,
  F = Facts | UndoFacts,
  Code extends string = string,
> {
  readonly send: CommandDefinition;
  /** The event that says that the command is carried out: `done` of a step, `undone` of its compensation. */
  readonly done: EventDefinition;
  readonly refused: RefusalOf<Code> | undefined;
  readonly retry: RetryPolicy;
  /** Pure: every attempt sends the same data. */
  dataFor(start: DataOf<S>, facts: F): Record<string, unknown>;
}

/** The event that refuses a command, and the failure that it means for the saga. */
export interface RefusalOf<Code extends string = string, R extends EventDefinition = EventDefinition> {
  readonly event: R;
  failure(refusal: DataOf<R>): Failure<Code>;
}

/** A step that can be compensated. All steps before the pivot are. */
export interface CompensatableStep<S extends EventDefinition = EventDefinition, Code extends string = string> {
  readonly kind: 'compensatable';
  readonly name: string;
  readonly forward: Exchange<S, Facts, Code>;
  readonly undo: Exchange<S, UndoFacts<Code>>;
}

/** The step whose answer decides whether the saga completes or turns back. Without an answer its command is sent again; none is assumed. */
export interface PivotStep<S extends EventDefinition = EventDefinition, Code extends string = string> {
  readonly kind: 'pivot';
  readonly name: string;
  readonly forward: Exchange<S, Facts, Code>;
}

/** A step that cannot be refused, only be late. */
export interface RetriableStep<S extends EventDefinition = EventDefinition, F = Facts | UndoFacts> {
  readonly kind: 'retriable';
  readonly name: string;
  readonly forward: Exchange<S, F, never>;
}

/**
 * A row of the table.
 * @typeParam Code the codes that the saga can fail with; a step's refusal is one of these
 */
export type Step<S extends EventDefinition = EventDefinition, Code extends string = string> =
  CompensatableStep<S, Code> | PivotStep<S, Code> | RetriableStep<S, Facts>;
/** Compensatable steps come first, then at most one pivot, then retriable steps. */
export type StepKind = Step['kind'];

/** A step of the table, or its `whenUndone`. */
export type AnyStep<S extends EventDefinition = EventDefinition> = Step<S> | RetriableStep<S, UndoFacts>;

type Writer<S extends EventDefinition, C extends CommandDefinition, F> = (start: DataOf<S>, facts: F) => DataOf<C>;

/** `with` may be left out when the starting event has every field of the command, of the same name and type. */
type With<S extends EventDefinition, C extends CommandDefinition, F> =
  DataOf<S> extends DataOf<C> ? { readonly with?: Writer<S, C, F> } : { readonly with: Writer<S, C, F> };

type UndoWith<S extends EventDefinition, C extends CommandDefinition, Code extends string> =
  DataOf<S> extends DataOf<C>
    ? { readonly undoWith?: Writer<S, C, UndoFacts<NoInfer<Code>>> }
    : { readonly undoWith: Writer<S, C, UndoFacts<NoInfer<Code>>> };

/** `NoInfer`: the codes come from the saga that contains the row, so a row cannot add one. */
interface Refusal<R extends EventDefinition, Code extends string> {
  /** The event that refuses the command for good: nothing was done. */
  readonly refused: R;
  /** The failure that the refusal means for the saga: its code is one that the saga declares. */
  readonly failure: (refusal: DataOf<R>) => Failure<NoInfer<Code>>;
}
interface NeverRefused {
  readonly refused?: never;
  readonly failure?: never;
}

interface CompensatableRow<
  C extends CommandDefinition,
  D extends EventDefinition,
  U extends CommandDefinition,
  V extends EventDefinition,
> {
  readonly send: C;
  /** The event that says that the step is done. */
  readonly done: D;
  /** The command that undoes the step. Participants accept it before, or without, the step's own command. */
  readonly undo: U;
  /** The event that says that nothing of the step is left. */
  readonly undone: V;
  /** How long each attempt waits for its answer. When the last one times out, the saga turns back and undoes this step too. */
  readonly timeout: Milliseconds;
  /** Default {@link COMPENSATABLE_RETRY}. */
  readonly retry?: Partial<RetryOptions>;
  /** Default {@link RETRY_AFTER}. */
  readonly undoRetryAfter?: Milliseconds;
  /** The attempts of the compensation; when they are spent, the saga is STUCK. Default {@link PERSISTENT_RETRY}. */
  readonly undoRetry?: Partial<RetryOptions>;
}

interface PersistentRow<C extends CommandDefinition, D extends EventDefinition> {
  readonly send: C;
  /** The event that says that the step is done. */
  readonly done: D;
  /** How long each attempt waits for its answer before the next. Default {@link RETRY_AFTER}. */
  readonly retryAfter?: Milliseconds;
  /** The attempts of the step; when they are spent, the saga is STUCK. Default {@link PERSISTENT_RETRY}. */
  readonly retry?: Partial<RetryOptions>;
}

/** A step that can be compensated. When it is refused, or not answered in time, the saga turns back. */
export function compensatable<
  S extends EventDefinition,
  C extends CommandDefinition,
  D extends EventDefinition,
  R extends EventDefinition,
  U extends CommandDefinition,
  V extends EventDefinition,
  Code extends string = string,
>(
  name: string,
  row: CompensatableRow<C, D, U, V> & (Refusal<R, Code> | NeverRefused) & With<S, C, Facts> & UndoWith<S, U, Code>,
): CompensatableStep<S, Code> {
  const retry = { timeout: row.timeout, ...COMPENSATABLE_RETRY, ...row.retry };
  const undoRetry = { timeout: row.undoRetryAfter ?? RETRY_AFTER, ...PERSISTENT_RETRY, ...row.undoRetry };
  return {
    kind: 'compensatable',
    name,
    forward: exchange(row.send, row.with, row.done, retry, row),
    undo: exchange(row.undo, row.undoWith, row.undone, undoRetry),
  };
}

/** The step that decides. Refused: the saga turns back. Not answered: its command is sent again. Done: the saga goes on to its end. */
export function pivot<
  S extends EventDefinition,
  C extends CommandDefinition,
  D extends EventDefinition,
  R extends EventDefinition,
  Code extends string = string,
>(name: string, row: PersistentRow<C, D> & Refusal<R, Code> & With<S, C, Facts>): PivotStep<S, Code> {
  return { kind: 'pivot', name, forward: exchange(row.send, row.with, row.done, persistent(row), row) };
}

/** A step after the pivot, or the saga's `whenUndone`. It cannot be refused; its command is sent until it is done. */
export function retriable<
  S extends EventDefinition,
  C extends CommandDefinition,
  D extends EventDefinition,
  F extends Facts | UndoFacts = Facts,
>(name: string, row: PersistentRow<C, D> & With<S, C, F>): RetriableStep<S, F> {
  return { kind: 'retriable', name, forward: exchange(row.send, row.with, row.done, persistent(row)) };
}

const persistent = (row: PersistentRow<CommandDefinition, EventDefinition>): RetryPolicy => ({
  timeout: row.retryAfter ?? RETRY_AFTER,
  ...PERSISTENT_RETRY,
  ...row.retry,
});

function exchange<
  S extends EventDefinition,
  C extends CommandDefinition,
  R extends EventDefinition,
  F,
  Code extends string,
>(
  send: C,
  write: Writer<S, C, F> | undefined,
  done: EventDefinition,
  retry: RetryPolicy,
  refusal?: Refusal<R, Code> | NeverRefused,
): Exchange<S, F, Code> {
  return {
    send,
    done,
    refused: refusal?.refused && refusal.failure ? { event: refusal.refused, failure: refusal.failure } : undefined,
    retry,
    dataFor: (start, facts) => (write ? write(start, facts) : fieldsOf(send, start)),
  };
}

/** The fields of the command, taken by name. Extra fields inside them are dropped when the message is encoded. */
function fieldsOf(definition: CommandDefinition, data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(definition.schema.shape).map((field) => [field, data[field]]));
}
