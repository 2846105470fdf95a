import type { EventDefinition } from '@backstep/messages';
import { checkDefinition } from './check-definition.js';
import type { Milliseconds } from './durations.js';
import type { FailureCode } from './failure.js';
import type { RetriableStep, Step, UndoFacts } from './steps.js';

/**
 * A whole saga: the event that starts it, its steps in order, and the command after all compensations. Frozen and checked.
 * @typeParam Code the codes that the saga can fail with
 */
export interface SagaDefinition<S extends EventDefinition = EventDefinition, Code extends string = string> {
  readonly name: string;
  readonly version: number;
  readonly startsOn: S;
  readonly deadline: Milliseconds;
  readonly steps: readonly Step<S, Code>[];
  readonly whenUndone: RetriableStep<S, UndoFacts<Code>> | undefined;
}

/**
 * The table of a saga, as {@link saga} is given it.
 * @typeParam Code the codes that the saga can fail with
 */
export interface SagaTable<S extends EventDefinition, Code extends string = string> {
  /** Raise it whenever the steps change. An instance finishes on the version that it began with: keep the old version in the registry. */
  readonly version: number;
  /** Time from the start until the pivot's command must be sent; a later saga turns back. After that the deadline has no effect. */
  readonly deadline: Milliseconds;
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
  startsOn<S extends EventDefinition>(
    event: S,
    table: SagaTable<S, FailureCode<Declared>>,
  ): SagaDefinition<S, FailureCode<Declared>>;
} => ({
  startsOn: (event, { version, deadline, steps, whenUndone }) => {
    const definition = { name, version, startsOn: event, deadline, steps: Object.freeze([...steps]), whenUndone };
    checkDefinition(definition, failures);
    return Object.freeze(definition);
  },
});
