import { OrderId } from '@backstep/contracts';
import { SagaDetails, SagaSummaryView, type SagaState, type SagaView } from '@backstep/contracts/http';
import { z } from 'zod';
import { href, PATHS } from '../paths.js';
import { Link } from './fields.js';

export const ENDED: ReadonlySet<z.infer<typeof SagaState>> = new Set([
  'COMPLETED',
  'COMPENSATED',
  'ABANDONED',
] as const);

const links = { links: z.object({ self: Link, order: Link, events: Link }) };

/** The API's word for the subject of all of the shop's sagas. */
const shown = SagaSummaryView.omit({ subject: true }).extend({ orderId: OrderId }).extend(links);

export const SagaSummary = shown.meta({ id: 'SagaSummary' });
export type SagaSummary = z.infer<typeof SagaSummary>;

export const Saga = shown.extend(SagaDetails.shape).meta({ id: 'Saga' });
export type Saga = z.infer<typeof Saga>;

export const toSagaSummary = (saga: SagaSummaryView): SagaSummary => ({
  id: saga.id,
  type: saga.type,
  definitionVersion: saga.definitionVersion,
  orderId: saga.subject,
  state: saga.state,
  version: saga.version,
  failure: saga.failure,
  blockedBecause: saga.blockedBecause,
  stuckBecause: saga.stuckBecause,
  awaiting: saga.awaiting && awaitingOf(saga.awaiting),
  steps: saga.steps.map(({ name, kind, state }) => ({ name, kind, state })),
  legalActions: saga.legalActions,
  createdAt: saga.createdAt,
  updatedAt: saga.updatedAt,
  links: {
    self: href(PATHS.saga, { sagaId: saga.id }),
    order: href(PATHS.order, { orderId: saga.subject }),
    events: href(PATHS.orderEvents, { orderId: saga.subject }),
  },
});

export const toSaga = (saga: SagaView): Saga => ({
  ...toSagaSummary(saga),
  deadlineAt: saga.deadlineAt,
  refusedActions: saga.refusedActions,
  steps: saga.steps.map(({ name, kind, state, attempts, sentAt, answeredAt, skippedBy, undo }) => ({
    name,
    kind,
    state,
    attempts,
    sentAt,
    answeredAt,
    skippedBy,
    undo,
  })),
  operations: saga.operations,
});

const awaitingOf = (awaiting: NonNullable<SagaSummaryView['awaiting']>) => {
  const { step, direction, commandId, attempts, since, dueAt } = awaiting;
  return { step, direction, commandId, attempts, since, dueAt };
};
