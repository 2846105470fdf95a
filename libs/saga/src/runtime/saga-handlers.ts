import type { Message } from '@backstep/messages';
import {
  emit,
  update,
  type Change,
  type DecideContext,
  type Loaded,
  type MessageHandler,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { decide } from '../decide/decide.js';
import { timersOf, type Decision, type SagaInput, type SagaTimers, type TimerInput } from '../decide/decision.js';
import type { Instant, SagaInstance } from '../decide/instance.js';
import { sagaIdOf, type SagaRegistry } from '../definition/registry.js';
import type { SagaDefinition } from '../definition/saga.js';
import type { DueSaga } from '../store/stored-saga.js';
import { sagaEffects } from './saga-effects.js';
import { SagaRow } from './saga.entities.js';
import { sagaChange, sagaNeeds } from './saga-rows.js';
import { instanceOf } from './stored-instance.js';

type SagaState = Loaded<{ needs(): ReturnType<typeof sagaNeeds> }>;

const NONE: readonly string[] = Object.freeze([]);

/** Hears what sagas do, for metrics and logs. Is called again when a decision that lost its lock is made again. Must not throw. */
export interface SagaObserver {
  ignored?(message: Message, reason: NonNullable<Decision['ignored']>): void;
}

/** The handler of every event of sagas: starts and turns back the sagas that the event is for, and moves the saga that it answers. */
export class SagaEventHandler implements MessageHandler {
  constructor(
    private readonly registry: SagaRegistry,
    private readonly observer: SagaObserver = {},
  ) {}

  needs(message: Message) {
    return sagaNeeds([...this.named(this.registry.startedBy(message), message), ...this.concerned(message)]);
  }

  decide(message: Message, state: SagaState, context: DecideContext): Change[] {
    const starts = this.registry.startedBy(message).flatMap((definition) => {
      const row = state.sagas.get(sagaIdOf(definition, message));
      return this.step(definition, row, { kind: 'start', message }, context);
    });
    for (const sagaId of this.concerned(message)) starts.push(...this.moved(sagaId, message, state, context));
    return starts;
  }

  private named(definitions: readonly SagaDefinition[], message: Message): string[] {
    return definitions.map((definition) => sagaIdOf(definition, message));
  }

  /** The sagas that were there before the event: the one that it answers, and those that it turns back. */
  private concerned(message: Message): readonly string[] {
    const { sagaId } = message;
    const turned = this.registry.turnedBackBy(message);
    if (turned.length === 0) return sagaId === undefined ? NONE : [sagaId];
    const ids = this.named(turned, message);
    return sagaId === undefined || ids.includes(sagaId) ? ids : [...ids, sagaId];
  }

  private moved(sagaId: string, message: Message, state: SagaState, context: DecideContext): Change[] {
    const row = state.sagas.get(sagaId);
    if (!row) return [];
    const definition = this.registry.find({ name: row.name, definitionVersion: row.instance.definitionVersion });
    if (definition) return this.step(definition, row, { kind: 'event', message }, context);
    // Not parked, since a parked event holds its key until a person has looked. The saga's command is sent again when the attempt times out.
    this.observer.ignored?.(message, 'unknown_definition');
    return [];
  }

  private step(
    definition: SagaDefinition,
    row: SagaRow | undefined,
    input: Extract<SagaInput, { message: Message }>,
    context: DecideContext,
  ): Change[] {
    const saga = row && instanceOf(row);
    const decision = decide(definition, saga, input, context);
    if (decision.ignored) this.observer.ignored?.(input.message, decision.ignored);
    return changesOf(decision, row, saga, { causationId: input.message.id, traceparent: input.message.traceparent });
  }
}

/**
 * Fires the due timer of a saga. @returns false when nothing was due: another instance was first, the saga has moved on, or the timer fired
 * early.
 */
export class SagaTimerHandler implements RequestHandler<
  Pick<DueSaga, 'sagaId'>,
  boolean,
  ReturnType<typeof sagaNeeds>
> {
  constructor(private readonly registry: SagaRegistry) {}

  needs({ sagaId }: Pick<DueSaga, 'sagaId'>) {
    return sagaNeeds([sagaId]);
  }

  decide(
    { sagaId }: Pick<DueSaga, 'sagaId'>,
    { sagas }: SagaState,
    context: DecideContext,
  ): { answer: boolean; changes: Change[] } {
    const row = sagas.get(sagaId);
    if (!row) return { answer: false, changes: [] };
    const saga = instanceOf(row);
    const timer = firstOf(timersOf(saga));
    if (!timer || timer.dueAt > context.now) return { answer: false, changes: resetTimer(row, timer?.dueAt ?? null) };
    const decision = decide(this.registry.definitionOf(saga), saga, timer, context);
    return { answer: true, changes: changesOf(decision, row, saga, { traceparent: row.traceparent ?? undefined }) };
  }
}

function firstOf({ step, deadline }: SagaTimers): TimerInput | undefined {
  if (step !== undefined && step <= (deadline ?? Infinity)) return { kind: 'timer', name: 'step', dueAt: step };
  return deadline === undefined ? undefined : { kind: 'timer', name: 'deadline', dueAt: deadline };
}

const resetTimer = (row: SagaRow, timerAt: Instant | null): Change[] =>
  row.timerAt === timerAt ? [] : [update(SagaRow, row, { timerAt, failures: 0 })];

function changesOf(
  decision: Decision,
  row: SagaRow | undefined,
  before: SagaInstance | undefined,
  cause: { readonly causationId?: string; readonly traceparent: string | undefined },
): Change[] {
  if (decision.ignored !== undefined) return [];
  const { instance, commands } = decision;
  return [
    sagaChange(row, instance, cause.traceparent),
    ...sagaEffects(instance, before),
    ...commands.map(({ definition, data, commandId, sagaId }) =>
      emit(definition, data, { sagaId, commandId, ...cause }),
    ),
  ];
}
