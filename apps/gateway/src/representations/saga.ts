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

export const SagaSummary = SagaSummaryView.extend(links).meta({ id: 'SagaSummary' });
export type SagaSummary = z.infer<typeof SagaSummary>;

export const Saga = SagaSummaryView.extend(links).extend(SagaDetails.shape).meta({ id: 'Saga' });
export type Saga = z.infer<typeof Saga>;

export const toSagaSummary = (saga: SagaSummaryView): SagaSummary => ({
  id: saga.id,
  type: saga.type,
  definitionVersion: saga.definitionVersion,
  orderId: saga.orderId,
  state: saga.state,
  version: saga.version,
  failure: saga.failure,
  blockedBecause: saga.blockedBecause,
  createdAt: saga.createdAt,
  updatedAt: saga.updatedAt,
  links: {
    self: href(PATHS.saga, { sagaId: saga.id }),
    order: href(PATHS.order, { orderId: saga.orderId }),
    events: href(PATHS.orderEvents, { orderId: saga.orderId }),
  },
});

export const toSaga = (saga: SagaView): Saga => ({
  ...toSagaSummary(saga),
  deadlineAt: saga.deadlineAt,
  stuckBecause: saga.stuckBecause,
  legalActions: saga.legalActions,
  awaiting: saga.awaiting && awaitingOf(saga.awaiting),
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

const awaitingOf = ({ step, direction, commandId, attempts, dueAt }: NonNullable<SagaView['awaiting']>) => ({
  step,
  direction,
  commandId,
  attempts,
  dueAt,
});
