import type { StepRecord, StoredSaga } from '@backstep/saga';

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
  createdAt: time(instance.startedAt),
  updatedAt: time(instance.updatedAt),
});

export const sagaView = (saga: StoredSaga) => ({
  ...sagaSummary(saga),
  awaiting: 'awaiting' in saga.instance ? saga.instance.awaiting : null,
  stuckBecause: saga.instance.status === 'STUCK' ? saga.instance.stuckBecause : null,
  deadlineAt: time(saga.instance.deadlineAt),
  steps: saga.instance.steps.map(stepView),
});

const stepView = ({ name, kind, state, attempts, sentAt, answeredAt, undo }: StepRecord) => ({
  name,
  kind,
  state,
  attempts,
  sentAt: time(sentAt),
  answeredAt: time(answeredAt),
  undo: undo ? { attempts: undo.attempts, sentAt: time(undo.sentAt), answeredAt: time(undo.answeredAt) } : null,
});
