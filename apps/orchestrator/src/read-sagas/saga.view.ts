import {
  type Direction,
  legalActions,
  type LiveSaga,
  type OperationRecord,
  type SagaInstance,
  type StepRecord,
  type StoredSaga,
} from '@backstep/saga';
import { SAGAS } from '../sagas.js';

const time = (instant: number | undefined): string | null =>
  instant === undefined ? null : new Date(instant).toISOString();

/** A saga as lists show it. What it carries of the customer stays inside. */
export const sagaSummary = ({ instance, version }: StoredSaga) => ({
  id: instance.id,
  type: instance.name,
  version,
  definitionVersion: instance.definitionVersion,
  orderId: instance.subject,
  state: instance.status,
  failure: 'failure' in instance ? (instance.failure ?? null) : null,
  blockedBecause: blockedBecause(instance),
  createdAt: time(instance.startedAt),
  updatedAt: time(instance.updatedAt),
});

export const sagaView = (saga: StoredSaga) => ({
  ...sagaSummary(saga),
  awaiting: 'awaiting' in saga.instance ? awaitingView(saga.instance) : null,
  stuckBecause: saga.instance.status === 'STUCK' ? saga.instance.stuckBecause : null,
  legalActions: legalActions(SAGAS.find(saga.instance), saga.instance),
  deadlineAt: time(saga.instance.deadlineAt),
  steps: saga.instance.steps.map((step) => stepView(step, saga.instance.operations ?? [])),
  operations: (saga.instance.operations ?? []).map(operationView),
});

/** Neither an answer nor a timer moves it until its version is deployed again. */
function blockedBecause(saga: SagaInstance): string | null {
  if ('endedAt' in saga || SAGAS.find(saga)) return null;
  return `version ${saga.definitionVersion} of ${saga.name} is not registered: nothing moves it`;
}

const awaitingView = ({ awaiting }: LiveSaga) => ({
  step: awaiting.step,
  direction: awaiting.direction,
  commandId: awaiting.commandId,
  attempts: awaiting.attempts,
  dueAt: 'dueAt' in awaiting ? time(awaiting.dueAt) : null,
});

/** What a person declared done by hand was not answered by a participant: it is not told as if it had been. */
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

const operationView = ({ action, by, reason, at, from, step, direction }: OperationRecord) => ({
  action,
  by,
  reason,
  at: time(at),
  from,
  step,
  direction,
});
