import type { DataOf, EventDefinition } from '@backstep/messages';
import { SagaDefinitionError } from '../definition/errors.js';
import type { Failure } from '../definition/failure.js';
import { attemptTimeout } from '../definition/retry-policy.js';
import type { SagaDefinition } from '../definition/saga.js';
import type { AnyStep, Exchange, Facts, UndoFacts } from '../definition/steps.js';
import { moved, type DecideContext, type Moved } from './decision.js';
import { extended } from './extended.js';
import {
  coreOf,
  failureOf,
  withRecord,
  type Awaited,
  type LiveSaga,
  type SagaCore,
  type StepRecord,
} from './instance.js';

type DirectedStep = Pick<Awaited, 'step' | 'direction'>;

/**
 * Sends the command of a step, or of its compensation, for the first time: with a new command id, which every later attempt keeps.
 * @param failure why the saga goes back; undefined on its way forward
 */
export function sendCommand(
  definition: SagaDefinition,
  saga: SagaCore,
  { step, direction }: DirectedStep,
  failure: Failure | undefined,
  context: DecideContext,
): Moved {
  return sendAttempt(definition, saga, { step, direction, commandId: context.newId(), attempts: 1 }, failure, context);
}

/** Sends the awaited command once more. @param attemptsForgiven attempts that do not count against the policy */
export function retryCommand(
  definition: SagaDefinition,
  saga: LiveSaga,
  context: DecideContext,
  attemptsForgiven = saga.awaiting.forgiven,
): Moved {
  const { step, direction, commandId, attempts } = saga.awaiting;
  const awaited = {
    step,
    direction,
    commandId,
    attempts: attempts + 1,
    ...(attemptsForgiven && { forgiven: attemptsForgiven }),
  };
  return sendAttempt(definition, coreOf(saga, context.now), awaited, failureOf(saga), context);
}

function sendAttempt(
  definition: SagaDefinition,
  core: SagaCore,
  awaited: Awaited,
  failure: Failure | undefined,
  context: DecideContext,
): Moved {
  const { step, direction, commandId, attempts } = awaited;
  const exchange = exchangeOf(definition, awaited);
  const data = exchange.dataFor(core.start, factsOf(definition, core, failure));
  const saga = withRecord(
    core,
    step,
    direction === 'forward' ? forwardSent(attempts, context) : undoSent(attempts, context),
  );
  const dueAt = context.now + attemptTimeout(exchange.retry, attemptsSpent(awaited), context.random);
  const awaiting = extended(awaited, { dueAt });
  return moved(
    failure
      ? extended(saga, { status: 'COMPENSATING', awaiting, failure })
      : extended(saga, { status: 'RUNNING', awaiting }),
    { definition: exchange.send, data, commandId, sagaId: saga.id, step, direction, attempt: attempts },
  );
}

/** How many of the retry policy's attempts are spent. */
export const attemptsSpent = ({ attempts, forgiven = 0 }: Awaited): number => attempts - forgiven;

/** Arms the compensation in the same write that sends the command: from here on the step may have happened. */
const forwardSent =
  (attempts: number, { now }: DecideContext) =>
  (record: StepRecord): StepRecord =>
    extended(record, {
      state: 'sent',
      armed: record.kind === 'compensatable',
      attempts,
      sentAt: record.sentAt ?? now,
    });

const undoSent =
  (attempts: number, { now }: DecideContext) =>
  (record: StepRecord): StepRecord =>
    extended(record, { state: 'undoing', undo: { attempts, sentAt: record.undo?.sentAt ?? now } });

/** The exchange that an instance is in. @throws SagaDefinitionError when the definition has no such step or direction */
export function exchangeOf(definition: SagaDefinition, { step, direction }: DirectedStep): Exchange {
  const found = stepNamed(definition, step);
  if (direction === 'forward') return found.forward;
  if (found.kind === 'compensatable') return found.undo;
  throw new SagaDefinitionError(definition.name, [`${step}: a ${found.kind} step has no compensation`]);
}

function stepNamed({ name, steps, whenUndone }: SagaDefinition, wanted: string): AnyStep {
  const found = steps.find((step) => step.name === wanted) ?? whenUndone;
  if (found?.name === wanted) return found;
  throw new SagaDefinitionError(name, [`${wanted}: an instance is at this step, and there is none`]);
}

/**
 * Checks that the commands of all pending steps can be written from the answers so far.
 * @throws SagaDefinitionError when one cannot
 */
export function assertTellable(definition: SagaDefinition, saga: SagaCore): void {
  for (const { name, state } of saga.steps) {
    if (state !== 'pending') continue;
    exchangeOf(definition, { step: name, direction: 'forward' }).dataFor(
      saga.start,
      factsOf(definition, saga, undefined),
    );
  }
}

/** On the way forward every earlier step has its answer, so a missing one is an error of the table. On the way back one may be missing. */
function factsOf(definition: SagaDefinition, saga: SagaCore, failure: Failure | undefined): Facts | UndoFacts {
  if (failure) return { failure, answer: (event) => answerIn(definition, saga, event) };
  return {
    answer: (event) => {
      const answer = answerIn(definition, saga, event);
      if (!answer) throw new SagaDefinitionError(definition.name, [`no step so far was answered by ${event.name}`]);
      return answer;
    },
  };
}

/** The data of the latest answer by this event. The message matched its schema when it was decoded, hence the type. */
function answerIn<D extends EventDefinition>(
  definition: SagaDefinition,
  saga: SagaCore,
  event: D,
): DataOf<D> | undefined {
  const steps = definition.steps.filter(({ forward }) => forward.done.name === event.name).map(({ name }) => name);
  return saga.steps.findLast(({ name, answer }) => answer && steps.includes(name))?.answer as DataOf<D> | undefined;
}
