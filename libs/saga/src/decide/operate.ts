import { SagaDefinitionError } from '../definition/errors.js';
import { TIMED_OUT, type Failure } from '../definition/failure.js';
import type { SagaDefinition } from '../definition/saga.js';
import { onDone } from './answers.js';
import { assertTellable, retryCommand } from './send-command.js';
import { compensate, mayCompensate, skipIfPending, startCompensation } from './backward.js';
import { moved, type DecideContext, type Moved } from './decision.js';
import {
  coreOf,
  failureOf,
  hasEnded,
  OPERATOR_ACTIONS,
  RETRIES_MAX,
  withRecord,
  type EndedSaga,
  type LiveSaga,
  type OperationRecord,
  type OperatorAction,
  type SagaInstance,
  type SagaStatus,
  type StepRecord,
} from './instance.js';

/** An operator's action, with the name and the reason that the journal keeps. */
export interface OperatorRequest {
  readonly action: OperatorAction;
  readonly by: string;
  readonly reason: string;
  /** The idempotency key of the request, when it has one. */
  readonly key?: string;
}

/** The action is not legal in the state of the saga. Nothing was written. */
export class IllegalOperatorActionError extends Error {
  override readonly name = 'IllegalOperatorActionError';
  constructor(
    readonly action: OperatorAction,
    readonly status: SagaStatus,
    /** The actions that are legal. */
    readonly legal: readonly OperatorAction[],
    readonly because: string,
  ) {
    super(`cannot ${action} a saga that is ${status}: ${because}`);
  }
}

/** The actions that are legal for a saga as it is now. @param definition undefined when its version is not registered */
export const legalActions = (definition: SagaDefinition | undefined, saga: SagaInstance): readonly OperatorAction[] =>
  hasEnded(saga) ? [] : OPERATOR_ACTIONS.filter((action) => refusalOf(definition, saga, action) === undefined);

/**
 * An operator's action on a saga, as a pure function. The new instance has the action in its journal.
 *
 * - `retry`: the awaited command is sent once more, with the same command id (an answer to any attempt counts) and all its attempts anew
 * - `skip`: the awaited step, or compensation, was done by hand: the saga goes on as if it had been answered
 * - `compensate`: the saga turns back, while it can
 * - `abandon`: nothing more is undone; `whenUndone` is still sent, so that those who wait for the saga learn that it has ended
 * @param definition undefined when the version that the saga began with is not registered: then only `abandon` is legal, and sends nothing
 * @throws IllegalOperatorActionError naming the state and what is legal in it
 */
export function operate(
  definition: SagaDefinition | undefined,
  saga: SagaInstance,
  request: OperatorRequest,
  context: DecideContext,
): Moved {
  const { action } = request;
  const because = hasEnded(saga) ? 'it has ended' : refusalOf(definition, saga, action);
  if (hasEnded(saga) || because !== undefined) {
    throw new IllegalOperatorActionError(action, saga.status, legalActions(definition, saga), because ?? '');
  }
  const noted = withOperation(saga, request, context);
  if (!definition) return moved(abandonUnregistered(noted, context));
  switch (action) {
    case 'retry':
      return retryCommand(definition, noted, context, noted.awaiting.attempts);
    case 'skip':
      return onDone(definition, noted, undefined, context);
    case 'compensate':
      return startCompensation(definition, coreOf(noted, context.now), stopped(noted), context);
    case 'abandon':
      return abandon(definition, noted, context);
  }
}

/** The saga with what became of the operator's latest action: where it stands now, and what was sent. */
export function withOutcome(
  saga: SagaInstance,
  { commandIds, requestId }: Pick<OperationRecord, 'commandIds' | 'requestId'>,
): SagaInstance {
  const { operations = [] } = saga;
  const latest = operations.at(-1);
  if (!latest) return saga;
  const told = { ...latest, to: saga.status, ...(commandIds && { commandIds }), ...(requestId && { requestId }) };
  return { ...saga, operations: [...operations.slice(0, -1), told] };
}

/** An action that is not legal now, and why. */
export interface RefusedAction {
  readonly action: OperatorAction;
  readonly because: string;
}

/** The actions that are not legal for a saga as it is now, each with the reason. Of an ended saga none is named: nothing can be done to it. */
export const refusedActions = (definition: SagaDefinition | undefined, saga: SagaInstance): readonly RefusedAction[] =>
  hasEnded(saga)
    ? []
    : OPERATOR_ACTIONS.flatMap((action) => {
        const because = refusalOf(definition, saga, action);
        return because === undefined ? [] : [{ action, because }];
      });

/** Why the action is not legal; undefined when it is. */
function refusalOf(definition: SagaDefinition | undefined, saga: LiveSaga, action: OperatorAction): string | undefined {
  if (!definition) return action === 'abandon' ? undefined : 'the version of its definition is not registered';
  if (action === 'compensate') {
    if (mayCompensate(saga)) return undefined;
    return failureOf(saga) ? 'it is on its way back already' : 'there is no way back: its outcome may be decided';
  }
  if (action === 'retry') {
    if (saga.status !== 'STUCK') return 'its command is still sent again without an operator';
    return retriesOf(saga) < RETRIES_MAX ? undefined : `it was retried ${RETRIES_MAX} times`;
  }
  if (mayCompensate(saga)) return 'there is a way back, which leaves nothing behind: compensate it';
  if (action === 'abandon')
    return isDecided(saga) ? 'it has succeeded, and only its last steps are missing' : undefined;
  return untellable(definition, saga);
}

const retriesOf = ({ operations = [] }: LiveSaga): number =>
  operations.filter(({ action }) => action === 'retry').length;

/** The pivot is done; or the saga has no pivot, and a step that cannot be refused was sent. */
const isDecided = (saga: LiveSaga): boolean =>
  !failureOf(saga) && saga.steps.find(({ name }) => name === saga.awaiting.step)?.kind === 'retriable';

/** A skipped step has no answer, and a later command may be written from that answer. @returns why a skip is not legal */
function untellable(definition: SagaDefinition, saga: LiveSaga): string | undefined {
  if (failureOf(saga)) return undefined;
  const passed = withRecord(coreOf(saga, saga.updatedAt), saga.awaiting.step, (record) => ({
    ...record,
    state: 'done',
  }));
  try {
    assertTellable(definition, passed);
    return undefined;
  } catch (error) {
    if (!(error instanceof SagaDefinitionError)) throw error;
    return `a later command is written from its answer (${error.problems.join('; ')})`;
  }
}

function withOperation(saga: LiveSaga, { action, by, reason, key }: OperatorRequest, { now }: DecideContext): LiveSaga {
  const { step, direction } = saga.awaiting;
  const done = { action, by, reason, at: now, from: saga.status, step, direction, ...(key !== undefined && { key }) };
  return { ...saga, operations: [...(saga.operations ?? []), done] };
}

/** The failure that participants see. The operator's reason is for operators only. */
const stopped = ({ awaiting }: LiveSaga): Failure => ({
  code: TIMED_OUT,
  message: `stopped by an operator, waiting for ${awaiting.step}`,
});

function abandon(definition: SagaDefinition, saga: LiveSaga, context: DecideContext): Moved {
  const core = coreOf(saga, context.now);
  const given = { ...core, steps: core.steps.map(giveUp(saga)) };
  const failure = failureOf(saga);
  return failure
    ? compensate(definition, given, failure, context)
    : startCompensation(definition, given, stopped(saga), context);
}

/** The definition is gone, so `whenUndone` cannot be sent: the saga ends without it, and what waits for it must be ended by hand. */
function abandonUnregistered(saga: LiveSaga, { now }: DecideContext): EndedSaga {
  const core = coreOf(saga, now);
  const steps = core.steps.map(giveUp(saga)).map(skipIfPending);
  const failure = failureOf(saga);
  return { ...core, steps, status: 'ABANDONED', endedAt: now, ...(failure && { failure }) };
}

/** Abandons each step that may have happened, and the awaited one. */
const giveUp =
  ({ awaiting }: LiveSaga) =>
  (record: StepRecord): StepRecord =>
    record.armed || record.name === awaiting.step ? { ...record, state: 'abandoned', armed: false } : record;
