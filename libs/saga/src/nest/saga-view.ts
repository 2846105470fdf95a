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

const awaitingView = ({ awaiting }: LiveSaga) => ({
  step: awaiting.step,
  direction: awaiting.direction,
  commandId: awaiting.commandId,
  attempts: awaiting.attempts,
  dueAt: 'dueAt' in awaiting ? time(awaiting.dueAt) : null,
});

/** A step that an operator has skipped is shown as skipped: no participant has answered it. */
function stepView(step: StepRecord, operations: readonly OperationRecord[]) {
  const { name, kind, state, attempts, sentAt, answeredAt, undo } = step;
  const skippedBy = skipperOf(operations, name, 'forward');
  const undoSkippedBy = skipperOf(operations, name, 'undo');
  return {
    name,
    kind,
    state: (state === 'done' && skippedBy) || (state === 'undone' && undoSkippedBy) ? ('skipped' as const) : state,
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
