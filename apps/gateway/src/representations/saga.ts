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

const SkippedBy = z
  .string()
  .nullable()
  .meta({ description: 'The operator who declared it done by hand; null when nobody did' });

const SagaStep = z
  .object({
    name: z.string(),
    kind: z.enum(['compensatable', 'pivot', 'retriable']),
    state: z.enum(['pending', 'sent', 'done', 'refused', 'undoing', 'undone', 'skipped', 'abandoned']).meta({
      description:
        'skipped: it was never sent, or an operator declared it, or its compensation, done by hand (`skippedBy`). ' +
        'abandoned: it may have had its effect, an operator gave it up, and nobody takes it back',
    }),
    attempts: Attempts,
    sentAt: Time.nullable(),
    answeredAt: Time.nullable(),
    skippedBy: SkippedBy,
    undo: z
      .object({
        attempts: Attempts,
        sentAt: Time.nullable(),
        answeredAt: Time.nullable(),
        skippedBy: SkippedBy,
      })
      .nullable()
      .meta({ description: 'Its compensation, once sent' }),
  })
  .meta({ id: 'SagaStep' });

export const SagaAction = z.enum(['retry', 'skip', 'compensate', 'abandon']).meta({ id: 'SagaAction' });
export type SagaAction = z.infer<typeof SagaAction>;

const DoneByOperator = z
  .object({
    action: SagaAction,
    by: z.string(),
    reason: z.string(),
    at: Time,
    from: SagaState.meta({ description: 'The state it was done in' }),
    step: z.string(),
    direction: z.enum(['forward', 'undo']),
  })
  .meta({ id: 'DoneByOperator' });

const summary = {
  id: z.uuid(),
  type: SagaType,
  definitionVersion: z.int().min(1).meta({ description: 'The definition it began with and finishes on' }),
  orderId: OrderId,
  state: SagaState,
  version: Version,
  failure: Failure.nullable(),
  blockedBecause: z
    .string()
    .nullable()
    .meta({ description: 'Why nothing can move it, whatever its state says: its definition is not deployed' }),
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
    legalActions: z.array(SagaAction).meta({ description: 'What an operator may do to it now' }),
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
    operations: z.array(DoneByOperator).meta({ description: 'What operators did to it, oldest first' }),
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
  blockedBecause: saga.blockedBecause,
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
  legalActions: saga.legalActions,
  awaiting: saga.awaiting && toAwaiting(saga.awaiting),
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

const toAwaiting = ({ step, direction, commandId, attempts, dueAt }: NonNullable<ServiceSaga['awaiting']>) => ({
  step,
  direction,
  commandId,
  attempts,
  dueAt: dueAt === undefined || dueAt === null ? null : new Date(dueAt).toISOString(),
});
