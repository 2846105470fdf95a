import type { Message } from '@backstep/contracts';
import {
  emit,
  type Change,
  type DecideContext,
  type Loaded,
  type MessageHandler,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { decide } from '../decide/decide.js';
import type { Decision, SagaInput } from '../decide/decision.js';
import { sagaIdFor, type SagaRegistry } from '../definition/registry.js';
import type { SagaDefinition } from '../definition/saga.js';
import type { DueTimer } from '../store/saga-store.js';
import type { SagaRow } from './saga.entities.js';
import { sagaChanges, sagaNeeds, timerChanges } from './saga-rows.js';

type SagaState = Loaded<{ needs(): ReturnType<typeof sagaNeeds> }>;

/** Sees what the sagas do; for metrics and logs. May be called again for a decision that lost its lock. Must not throw. */
export interface SagaObserver {
  ignored?(message: Message, reason: NonNullable<Decision['ignored']>): void;
}

/** One handler for every event that concerns a saga: starts those it starts, and tells the one it answers. */
export class SagaEventHandler implements MessageHandler {
  constructor(
    private readonly registry: SagaRegistry,
    private readonly observer: SagaObserver = {},
  ) {}

  needs(message: Message) {
    const started = this.registry.startedBy(message).map((definition) => sagaIdFor(definition, message.subject));
    return sagaNeeds(message.sagaId === undefined ? started : [...started, message.sagaId]);
  }

  decide(message: Message, state: SagaState, context: DecideContext): Change[] {
    const starts = this.registry.startedBy(message).flatMap((definition) => {
      const row = state.sagas.get(sagaIdFor(definition, message.subject));
      return this.step(definition, row, { kind: 'start', message }, state, context);
    });
    const row = message.sagaId === undefined ? undefined : state.sagas.get(message.sagaId);
    if (!row) return starts;
    return [
      ...starts,
      ...this.step(this.registry.definitionOf(row.instance), row, { kind: 'event', message }, state, context),
    ];
  }

  private step(
    definition: SagaDefinition,
    row: SagaRow | undefined,
    input: Extract<SagaInput, { message: Message }>,
    state: SagaState,
    context: DecideContext,
  ): Change[] {
    const decision = decide(definition, row?.instance, input, context);
    if (decision.ignored) this.observer.ignored?.(input.message, decision.ignored);
    return changesOf(decision, row, state, { causationId: input.message.id, traceparent: input.message.traceparent });
  }
}

/** A timer that is due. @returns whether anything came of it: another instance may have been first, or the saga has moved on. */
export class SagaTimerHandler implements RequestHandler<DueTimer, boolean, ReturnType<typeof sagaNeeds>> {
  constructor(private readonly registry: SagaRegistry) {}

  needs({ sagaId }: DueTimer) {
    return sagaNeeds([sagaId]);
  }

  decide(
    { sagaId, name, dueAt }: DueTimer,
    state: SagaState,
    context: DecideContext,
  ): { answer: boolean; changes: Change[] } {
    const row = state.sagas.get(sagaId);
    if (!row) return { answer: false, changes: timerChanges(state.timers, sagaId, {}) };
    const definition = this.registry.definitionOf(row.instance);
    const decision = decide(definition, row.instance, { kind: 'timer', name, dueAt }, context);
    // A timer that its saga does not have would be read first for ever: the rows become what the saga says.
    if (decision.ignored) return { answer: false, changes: timerChanges(state.timers, sagaId, decision.timers) };
    return { answer: true, changes: changesOf(decision, row, state, { traceparent: row.traceparent ?? undefined }) };
  }
}

function changesOf(
  decision: Decision,
  row: SagaRow | undefined,
  { timers }: SagaState,
  cause: { readonly causationId?: string; readonly traceparent: string | undefined },
): Change[] {
  if (decision.ignored !== undefined) return [];
  const { instance, commands } = decision;
  return [
    ...sagaChanges(row, timers, instance, cause.traceparent),
    ...commands.map(({ definition, data, commandId, sagaId }) =>
      emit(definition, data, { sagaId, commandId, ...cause }),
    ),
  ];
}
