import type { Direction, LiveSaga, OperationRecord, SagaInstance, StepRecord } from '../decide/instance.js';
import { legalActions, refusedActions } from '../decide/operate.js';
import type { SagaRegistry } from '../definition/registry.js';
import type { StoredOperation, StoredSaga } from '../store/stored-saga.js';

const time = (instant: number | undefined): string | null =>
  instant === undefined ? null : new Date(instant).toISOString();

/** A saga as lists show it, without the data that it carries. */
export const sagaSummary = ({ instance, version }: StoredSaga, registry: SagaRegistry) => ({
  id: instance.id,
  type: instance.name,
  version,
  definitionVersion: instance.definitionVersion,
  subject: instance.subject,
  state: instance.status,
  failure: 'failure' in instance ? (instance.failure ?? null) : null,
  blockedBecause: blockedBecause(instance, registry),
  stuckBecause: instance.status === 'STUCK' ? instance.stuckBecause : null,
  awaiting: 'awaiting' in instance ? awaitingView(instance) : null,
  steps: instance.steps.map((step) => stepSummary(step, instance.operations ?? [])),
  legalActions: legalActions(registry.find(instance), instance),
  createdAt: time(instance.startedAt),
  updatedAt: time(instance.updatedAt),
});

/** A saga with its steps and its operators' actions. */
export const sagaView = (saga: StoredSaga, registry: SagaRegistry) => ({
  ...sagaSummary(saga, registry),
  refusedActions: refusedActions(registry.find(saga.instance), saga.instance),
  deadlineAt: time(saga.instance.deadlineAt),
  steps: saga.instance.steps.map((step) => stepView(step, saga.instance.operations ?? [])),
  operations: (saga.instance.operations ?? []).map(operationView),
});

/** Why neither an answer nor a timer can move the saga: its version is not registered. */
function blockedBecause(saga: SagaInstance, registry: SagaRegistry): string | null {
  if ('endedAt' in saga || registry.find(saga)) return null;
  return `version ${saga.definitionVersion} of ${saga.name} is not registered: nothing moves it`;
}

const awaitingView = (saga: LiveSaga) => {
  const { awaiting } = saga;
  return {
    step: awaiting.step,
    direction: awaiting.direction,
    commandId: awaiting.commandId,
    attempts: awaiting.attempts,
    since: new Date(awaitedSince(saga)).toISOString(),
    dueAt: 'dueAt' in awaiting ? time(awaiting.dueAt) : null,
  };
};

/** When its command was sent first. A move that sends one writes its time into the line of its step, so there is always one. */
function awaitedSince({ awaiting, steps, updatedAt }: LiveSaga): number {
  const record = steps.find(({ name }) => name === awaiting.step);
  return (awaiting.direction === 'undo' ? record?.undo?.sentAt : record?.sentAt) ?? updatedAt;
}

/** A step that an operator has skipped is shown as skipped: no participant has answered it. */
function stepSummary({ name, kind, state }: StepRecord, operations: readonly OperationRecord[]) {
  const isDeclared =
    (state === 'done' && skipperOf(operations, name, 'forward') !== null) ||
    (state === 'undone' && skipperOf(operations, name, 'undo') !== null);
  return { name, kind, state: isDeclared ? ('skipped' as const) : state };
}

function stepView(step: StepRecord, operations: readonly OperationRecord[]) {
  const { name, attempts, sentAt, answeredAt, undo } = step;
  const skippedBy = skipperOf(operations, name, 'forward');
  const undoSkippedBy = skipperOf(operations, name, 'undo');
  return {
    ...stepSummary(step, operations),
    attempts,
    sentAt: time(sentAt),
    answeredAt: time(answeredAt),
    skippedBy,
    undo: undo
      ? {
          attempts: undo.attempts,
          sentAt: time(undo.sentAt),
          answeredAt: time(undo.answeredAt),
          skippedBy: undoSkippedBy,
        }
      : null,
  };
}

const skipperOf = (operations: readonly OperationRecord[], name: string, to: Direction): string | null =>
  operations.find(({ action, step, direction }) => action === 'skip' && step === name && direction === to)?.by ?? null;

const operationView = ({
  action,
  by,
  reason,
  at,
  from,
  to,
  step,
  direction,
  commandIds,
  requestId,
}: OperationRecord) => ({
  action,
  by,
  reason,
  at: time(at),
  from,
  to: to ?? null,
  step,
  direction,
  commandIds: commandIds ?? null,
  requestId: requestId ?? null,
});

/** Of the list of all that operators did: the same, with the saga that it was done to. */
export const storedOperationView = ({ id, sagaId, subject, ...done }: StoredOperation) => ({
  id,
  sagaId,
  subject,
  ...operationView(done),
});
