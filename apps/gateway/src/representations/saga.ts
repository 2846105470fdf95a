import { Failure, OrderId } from '@backstep/contracts';
import { z } from 'zod';
import { href, PATHS } from '../paths.js';
import { Link, Time, Version } from './fields.js';

export const SagaState = z
  .enum(['RUNNING', 'COMPENSATING', 'STUCK', 'COMPLETED', 'COMPENSATED', 'ABANDONED'])
  .meta({ id: 'SagaState', description: 'STUCK waits for an operator. The last three are final.' });

export const ENDED: ReadonlySet<z.infer<typeof SagaState>> = new Set([
  'COMPLETED',
  'COMPENSATED',
  'ABANDONED',
] as const);

/** Kebab case, such as `place-order`. */
export const SagaType = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be the name of a saga such as place-order');

const Attempts = z.int().min(0).meta({ description: 'How often the command was sent' });

const SagaStep = z
  .object({
    name: z.string(),
    kind: z.enum(['compensatable', 'pivot', 'retriable']),
    state: z.enum(['pending', 'sent', 'done', 'refused', 'undoing', 'undone', 'skipped']),
    attempts: Attempts,
    sentAt: Time.nullable(),
    answeredAt: Time.nullable(),
    undo: z
      .object({ attempts: Attempts, sentAt: Time.nullable(), answeredAt: Time.nullable() })
      .nullable()
      .meta({ description: 'Its compensation, once sent' }),
  })
  .meta({ id: 'SagaStep' });

const summary = {
  id: z.uuid(),
  type: SagaType,
  definitionVersion: z.int().min(1).meta({ description: 'The definition it began with and finishes on' }),
  orderId: OrderId,
  state: SagaState,
  version: Version,
  failure: Failure.nullable(),
  createdAt: Time,
  updatedAt: Time,
  links: z.object({ self: Link, order: Link, events: Link }),
};

export const SagaSummary = z.object(summary).meta({ id: 'SagaSummary' });
export type SagaSummary = z.infer<typeof SagaSummary>;

export const Saga = z
  .object({
    ...summary,
    deadlineAt: Time.nullable(),
    stuckBecause: z.string().nullable(),
    awaiting: z
      .object({
        step: z.string(),
        direction: z.enum(['forward', 'undo']),
        commandId: z.string(),
        attempts: Attempts,
        dueAt: Time.nullable().meta({ description: 'When it is asked again, or given up' }),
      })
      .nullable()
      .meta({ description: 'The one command whose answer counts now' }),
    steps: z.array(SagaStep),
  })
  .meta({ id: 'Saga' });
export type Saga = z.infer<typeof Saga>;

/** As the orchestrator tells them. */
export type ServiceSagaSummary = Omit<SagaSummary, 'links'>;
export type ServiceSaga = Omit<Saga, 'links' | 'awaiting'> & {
  readonly awaiting:
    (Omit<NonNullable<Saga['awaiting']>, 'dueAt'> & { readonly dueAt?: number | string | null }) | null;
};

export const toSagaSummary = (saga: ServiceSagaSummary): SagaSummary => ({
  id: saga.id,
  type: saga.type,
  definitionVersion: saga.definitionVersion,
  orderId: saga.orderId,
  state: saga.state,
  version: saga.version,
  failure: saga.failure,
  createdAt: saga.createdAt,
  updatedAt: saga.updatedAt,
  links: {
    self: href(PATHS.saga, { sagaId: saga.id }),
    order: href(PATHS.order, { orderId: saga.orderId }),
    events: href(PATHS.orderEvents, { orderId: saga.orderId }),
  },
});

export const toSaga = (saga: ServiceSaga): Saga => ({
  ...toSagaSummary(saga),
  deadlineAt: saga.deadlineAt,
  stuckBecause: saga.stuckBecause,
  awaiting: saga.awaiting && toAwaiting(saga.awaiting),
  steps: saga.steps.map(({ name, kind, state, attempts, sentAt, answeredAt, undo }) => ({
    name,
    kind,
    state,
    attempts,
    sentAt,
    answeredAt,
    undo,
  })),
});

const toAwaiting = ({ step, direction, commandId, attempts, dueAt }: NonNullable<ServiceSaga['awaiting']>) => ({
  step,
  direction,
  commandId,
  attempts,
  dueAt: dueAt === undefined || dueAt === null ? null : new Date(dueAt).toISOString(),
});
