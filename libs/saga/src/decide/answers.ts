import type { EventDefinition, Message } from '@backstep/messages';
import type { Failure } from '../definition/failure.js';
import type { SagaDefinition } from '../definition/saga.js';
import { exchangeOf } from './send-command.js';
import { compensate, mayCompensate, startCompensation } from './backward.js';
import { ignored, type DecideContext, type Decision, type Moved } from './decision.js';
import { extended } from './extended.js';
import { advance } from './forward.js';
import {
  coreOf,
  failureOf,
  hasEnded,
  withRecord,
  type Data,
  type LiveSaga,
  type SagaInstance,
  type StepRecord,
} from './instance.js';

/**
 * An event counts only if it turns the saga back or answers the awaited command. A late answer counts too, also for a STUCK saga: the saga moves on from
 * where it stood.
 */
export function onEvent(
  definition: SagaDefinition,
  saga: SagaInstance,
  event: Message,
  context: DecideContext,
): Decision {
  if (hasEnded(saga)) return ignored(saga, 'ended');
  const { turnsBackOn } = definition;
  if (turnsBackOn && is(event, turnsBackOn.event)) {
    return mayCompensate(saga)
      ? startCompensation(definition, coreOf(saga, context.now), turnsBackOn.failure(event.data), context)
      : ignored(saga, 'cannot_turn_back');
  }
  if (event.commandId !== saga.awaiting.commandId) return ignored(saga, 'not_awaited');
  const { done, refused } = exchangeOf(definition, saga.awaiting);
  if (is(event, done)) return onDone(definition, saga, event.data, context);
  if (refused && is(event, refused.event)) return onRefused(definition, saga, refused.failure(event.data), context);
  return ignored(saga, 'not_an_answer');
}

const is = (event: Message, definition: EventDefinition): boolean =>
  event.type === definition.name && event.version === definition.version;

/** The awaited step is done, or undone. @param answer undefined when an operator has skipped it: then no participant has answered */
export function onDone(
  definition: SagaDefinition,
  saga: LiveSaga,
  answer: Data | undefined,
  context: DecideContext,
): Moved {
  const { step, direction } = saga.awaiting;
  const next = withRecord(
    coreOf(saga, context.now),
    step,
    direction === 'forward' ? markDone(answer, context) : markUndone(context),
  );
  const failure = failureOf(saga);
  return failure ? compensate(definition, next, failure, context) : advance(definition, next, context);
}

/** A refusal is definite: nothing was done, so this step needs no compensation. The steps before it do. */
function onRefused(definition: SagaDefinition, saga: LiveSaga, failure: Failure, context: DecideContext): Moved {
  return startCompensation(
    definition,
    withRecord(coreOf(saga, context.now), saga.awaiting.step, markRefused(context)),
    failure,
    context,
  );
}

const markDone =
  (answer: Data | undefined, { now }: DecideContext) =>
  (record: StepRecord): StepRecord =>
    extended(record, { state: 'done', answeredAt: now, ...(answer && { answer }) });

const markRefused =
  ({ now }: DecideContext) =>
  (record: StepRecord): StepRecord =>
    extended(record, { state: 'refused', armed: false, answeredAt: now });

const markUndone =
  ({ now }: DecideContext) =>
  (record: StepRecord): StepRecord => ({
    ...record,
    state: 'undone',
    armed: false,
    ...(record.undo && { undo: { ...record.undo, answeredAt: now } }),
  });
