import { FAILURE_MESSAGE_MAX, type Failure } from '../definition/failure.js';
import type { SagaDefinition } from '../definition/saga.js';
import { send } from './asking.js';
import { moved, type DecideContext, type Moved } from './decision.js';
import { extended } from './extended.js';
import { pendingRecord, type LiveSaga, type SagaCore, type StepRecord } from './instance.js';

/** Until the pivot is sent (or, without a pivot, the first retriable step) everything that was asked can be taken back. */
export const mayTurnBack = ({ status, steps, awaiting }: LiveSaga): boolean =>
  status === 'RUNNING' && steps.find(({ name }) => name === awaiting.step)?.kind === 'compensatable';

/** The saga goes back from here: what was not sent never will be, and what is armed is undone, the latest first. */
export function turnBack(definition: SagaDefinition, saga: SagaCore, why: Failure, context: DecideContext): Moved {
  const failure = { code: why.code, message: why.message.slice(0, FAILURE_MESSAGE_MAX) };
  const lastWord = definition.whenUndone ? [pendingRecord(definition.whenUndone)] : [];
  return goBack(definition, { ...saga, steps: [...saga.steps.map(skipIfPending), ...lastWord] }, failure, context);
}

export const skipIfPending = (record: StepRecord): StepRecord =>
  record.state === 'pending' ? { ...record, state: 'skipped' } : record;

/**
 * The latest armed step is undone; when there is none, `whenUndone` has the last word, and then the saga is compensated:
 * abandoned, where an operator gave a step up on the way.
 */
export function goBack(definition: SagaDefinition, saga: SagaCore, failure: Failure, context: DecideContext): Moved {
  const armed = saga.steps.findLast((record) => record.armed);
  if (armed) return send(definition, saga, { step: armed.name, direction: 'undo' }, failure, context);
  const lastWord = saga.steps.find(({ state }) => state === 'pending');
  if (lastWord) return send(definition, saga, { step: lastWord.name, direction: 'forward' }, failure, context);
  const status = saga.steps.some(({ state }) => state === 'abandoned') ? 'ABANDONED' : 'COMPENSATED';
  return moved(extended(saga, { status, endedAt: context.now, failure }));
}
