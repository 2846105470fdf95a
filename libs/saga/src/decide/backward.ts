import { FAILURE_MESSAGE_MAX, type Failure } from '../definition/failure.js';
import type { SagaDefinition } from '../definition/saga.js';
import { sendCommand } from './send-command.js';
import { moved, type DecideContext, type Moved } from './decision.js';
import { extended } from './extended.js';
import { pendingRecord, type LiveSaga, type SagaCore, type StepRecord } from './instance.js';

/** Until the pivot is sent (or, without a pivot, the first retriable step), every step that was sent can be compensated. */
export const mayCompensate = ({ status, steps, awaiting }: LiveSaga): boolean =>
  status === 'RUNNING' && steps.find(({ name }) => name === awaiting.step)?.kind === 'compensatable';

/** The saga turns back: pending steps are skipped, and armed steps are undone, the latest first. */
export function startCompensation(
  definition: SagaDefinition,
  saga: SagaCore,
  why: Failure,
  context: DecideContext,
): Moved {
  const failure = { code: why.code, message: why.message.slice(0, FAILURE_MESSAGE_MAX) };
  const last = definition.whenUndone ? [pendingRecord(definition.whenUndone)] : [];
  return compensate(definition, { ...saga, steps: [...saga.steps.map(skipIfPending), ...last] }, failure, context);
}

export const skipIfPending = (record: StepRecord): StepRecord =>
  record.state === 'pending' ? { ...record, state: 'skipped' } : record;

/**
 * Undoes the latest armed step. When none is left, `whenUndone` is sent; after it the saga is COMPENSATED, or ABANDONED when an operator has
 * abandoned one of its steps.
 */
export function compensate(
  definition: SagaDefinition,
  saga: SagaCore,
  failure: Failure,
  context: DecideContext,
): Moved {
  const armed = saga.steps.findLast((record) => record.armed);
  if (armed) return sendCommand(definition, saga, { step: armed.name, direction: 'undo' }, failure, context);
  const whenUndone = saga.steps.find(({ state }) => state === 'pending');
  if (whenUndone)
    return sendCommand(definition, saga, { step: whenUndone.name, direction: 'forward' }, failure, context);
  const status = saga.steps.some(({ state }) => state === 'abandoned') ? 'ABANDONED' : 'COMPENSATED';
  return moved(extended(saga, { status, endedAt: context.now, failure }));
}
