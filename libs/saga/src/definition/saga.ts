import type { DataOf, EventDefinition } from '@backstep/messages';
import { checkDefinition } from './check-definition.js';
import type { Milliseconds } from './durations.js';
import type { Failure, FailureCode } from './failure.js';
import type { RetriableStep, Step, UndoFacts } from './steps.js';

/**
 * An event that turns a running saga back, and the failure that it means. The event comes from outside, so it answers no command of the saga;
 * it finds its instance by its subject (and the field that `identifiedBy` names).
 */
export interface TurnBack<Code extends string = string, E extends EventDefinition = EventDefinition> {
  readonly event: E;
  failure(data: DataOf<E>): Failure<Code>;
}

/**
 * A whole saga: the event that starts it, its steps in order, and the command after all compensations. Frozen and checked.
 * @typeParam Code the codes that the saga can fail with
 */
export interface SagaDefinition<S extends EventDefinition = EventDefinition, Code extends string = string> {
  readonly name: string;
  readonly version: number;
  readonly startsOn: S;
  readonly identifiedBy: string | undefined;
  readonly turnsBackOn: TurnBack<Code> | undefined;
  readonly deadline: Milliseconds;
  readonly steps: readonly Step<S, Code>[];
  readonly whenUndone: RetriableStep<S, UndoFacts<Code>> | undefined;
}

/**
 * The table of a saga, as {@link saga} is given it.
 * @typeParam Code the codes that the saga can fail with
 * @typeParam E the event that turns the saga back
 */
export interface SagaTable<
  S extends EventDefinition,
  Code extends string = string,
  E extends EventDefinition = EventDefinition,
> {
  /** Raise it whenever the steps change. An instance finishes on the version that it began with: keep the old version in the registry. */
  readonly version: number;
  /** Time from the start until the pivot's command must be sent; a later saga turns back. After that the deadline has no effect. */
  readonly deadline: Milliseconds;
  /**
   * A field of the start event. With it, a subject has one instance for each value of the field (a loaf is sliced many times), without it
   * one instance in all.
   */
  readonly identifiedBy?: keyof DataOf<S> & string;
  /**
   * Turns the saga back while the pivot's command has not been sent: the awaited step and those before it are compensated, as after a
   * deadline. On a saga that cannot turn back any more, that is on its way back, or that has ended, the event has no effect.
   */
  readonly turnsBackOn?: TurnBack<Code, E>;
  /** Compensatable steps, then at most one pivot, then retriable steps. */
  readonly steps: readonly Step<S, Code>[];
  /** Sent when every compensation is done. */
  readonly whenUndone?: RetriableStep<S, UndoFacts<Code>>;
}

/** What a saga says of itself before its table. */
export interface SagaOptions<Declared extends string> {
  /** The codes of the saga's own failures. Default: none, and the saga fails only with the engine's own: {@link FailureCode}. */
  readonly failures?: readonly Declared[];
}

/**
 * Defines a saga: `saga('bake-cake', { failures: ['burnt'] }).startsOn(CakeWished, { … })`. The failure codes and the event come before the
 * table because the types of every `failure` and every `with` in the table follow from them.
 * @throws SagaDefinitionError naming every rule that the table breaks.
 */
export const saga = <const Declared extends string = never>(
  name: string,
  { failures = [] }: SagaOptions<Declared> = {},
): {
  startsOn<S extends EventDefinition, E extends EventDefinition = EventDefinition>(
    event: S,
    table: SagaTable<S, FailureCode<Declared>, E>,
  ): SagaDefinition<S, FailureCode<Declared>>;
} => ({
  startsOn: (event, { version, deadline, identifiedBy, turnsBackOn, steps, whenUndone }) => {
    const definition = {
      name,
      version,
      startsOn: event,
      identifiedBy,
      turnsBackOn,
      deadline,
      steps: Object.freeze([...steps]),
      whenUndone,
    };
    checkDefinition(definition, failures);
    return Object.freeze(definition);
  },
});
