import type { MessageDefinition } from '@backstep/messages';
import type { Milliseconds } from './durations.js';
import type { RetriableStep, Step, UndoFacts } from './steps.js';
import { checkDefinition } from './check-definition.js';

/** A saga, whole: what starts it, its steps in order, and what is said when everything was taken back. Frozen and checked. */
export interface SagaDefinition<S extends MessageDefinition = MessageDefinition> {
  readonly name: string;
  readonly version: number;
  readonly startsOn: S;
  readonly deadline: Milliseconds;
  readonly steps: readonly Step<S>[];
  readonly whenUndone: RetriableStep<S, UndoFacts> | undefined;
}

export interface SagaTable<S extends MessageDefinition> {
  /** Raised whenever the steps change. An instance finishes on the version it began with: keep the old one in the registry. */
  readonly version: number;
  /** From the start until the pivot's command is sent; a saga that is later goes back. After that it has no effect. */
  readonly deadline: Milliseconds;
  /** Compensatable steps, then at most one pivot, then retriable steps. */
  readonly steps: readonly Step<S>[];
  /** Sent when every compensation is done. */
  readonly whenUndone?: RetriableStep<S, UndoFacts>;
}

/**
 * Defines a saga: `saga('place-order').startsOn(OrderPlaced, { … })`. The event comes before the table because the types of
 * every `with` in the table follow from it.
 * @throws SagaDefinitionError naming every rule the table breaks.
 */
export const saga = (
  name: string,
): { startsOn<S extends MessageDefinition>(event: S, table: SagaTable<S>): SagaDefinition<S> } => ({
  startsOn: (event, { version, deadline, steps, whenUndone }) => {
    const definition = { name, version, startsOn: event, deadline, steps: Object.freeze([...steps]), whenUndone };
    checkDefinition(definition);
    return Object.freeze(definition);
  },
});
