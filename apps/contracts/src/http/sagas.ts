import { z } from 'zod';
import { OrderId } from '../fields.js';
import { Time, Version } from './fields.js';
import { pageOf } from './page.js';

export const SagaState = z
  .enum(['RUNNING', 'COMPENSATING', 'STUCK', 'COMPLETED', 'COMPENSATED', 'ABANDONED'])
  .meta({ id: 'SagaState', description: 'STUCK waits for an operator. The last three are final.' });

/** Kebab case, such as `place-order`. */
export const SagaType = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be the name of a saga such as place-order');

const Attempts = z.int().min(0).meta({ description: 'How often the command was sent' });

const SkippedBy = z
  .string()
  .nullable()
  .meta({ description: 'The operator who declared it done by hand; null when nobody did' });

/** A step as lists show it. */
const SagaStepSummary = z
  .object({
    name: z.string(),
    kind: z.enum(['compensatable', 'pivot', 'retriable']),
    state: z.enum(['pending', 'sent', 'done', 'refused', 'undoing', 'undone', 'skipped', 'abandoned']).meta({
      description:
        'skipped: it was never sent, or an operator declared it, or its compensation, done by hand (`skippedBy`). ' +
        'abandoned: it may have had its effect, an operator gave it up, and nobody takes it back',
    }),
  })
  .meta({ id: 'SagaStepSummary' });

const SagaStep = SagaStepSummary.extend({
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
}).meta({ id: 'SagaStep' });

export const SagaAction = z.enum(['retry', 'skip', 'compensate', 'abandon']).meta({ id: 'SagaAction' });
export type SagaAction = z.infer<typeof SagaAction>;

const DoneByOperator = z
  .object({
    action: SagaAction,
    by: z.string(),
    reason: z.string(),
    at: Time,
    from: SagaState.meta({ description: 'The state it was done in' }),
    to: SagaState.nullable().meta({ description: 'The state it led to; null where that was not kept yet' }),
    step: z.string(),
    direction: z.enum(['forward', 'undo']),
    commandIds: z.array(z.string()).nullable().meta({
      description:
        'The `ce_id` of each command that it sent, as its dry run showed it; null where that was not kept yet',
    }),
    requestId: z.string().nullable().meta({ description: 'By which the logs know the request' }),
  })
  .meta({ id: 'DoneByOperator' });

/** Each saga has failure codes of its own; those of an order are a closed list, `FAILURE_CODES`. */
const SagaFailure = z
  .object({ code: z.string(), message: z.string().max(500) })
  .meta({ description: 'Why it went back: a code that the saga declares, or `timed_out`' });

/** A saga of a list, as the orchestrator answers it. */
export const SagaSummaryView = z.object({
  id: z.uuid(),
  type: SagaType,
  definitionVersion: z.int().min(1).meta({ description: 'The definition it began with and finishes on' }),
  /** What the saga is about: an order. */
  subject: OrderId,
  state: SagaState,
  version: Version,
  failure: SagaFailure.nullable(),
  blockedBecause: z
    .string()
    .nullable()
    .meta({ description: 'Why nothing can move it, whatever its state says: its definition is not deployed' }),
  stuckBecause: z.string().nullable(),
  awaiting: z
    .object({
      step: z.string(),
      direction: z.enum(['forward', 'undo']),
      commandId: z.string(),
      attempts: Attempts,
      since: Time.meta({ description: 'When its command was sent first' }),
      dueAt: Time.nullable().meta({ description: 'When the command is sent again, or given up' }),
    })
    .nullable()
    .meta({ description: 'The one command whose answer counts now' }),
  steps: z
    .array(SagaStepSummary)
    .meta({ description: 'In their order. A saga that has turned back has one more, the last, which ends it' }),
  legalActions: z.array(SagaAction).meta({ description: 'What an operator may do to it now' }),
  createdAt: Time,
  updatedAt: Time,
});
export type SagaSummaryView = Readonly<z.infer<typeof SagaSummaryView>>;

/** `GET /sagas` */
export const SagaSummaryViews = pageOf(SagaSummaryView);

/** The members of a saga beside its summary. */
export const SagaDetails = z.object({
  deadlineAt: Time.nullable(),
  refusedActions: z
    .array(z.object({ action: SagaAction, because: z.string() }))
    .meta({ description: 'What an operator may not do to it now, and why; empty once it has ended' }),
  steps: z.array(SagaStep),
  operations: z.array(DoneByOperator).meta({ description: 'What operators did to it, oldest first' }),
});

/** A saga and its steps, as the orchestrator answers it. */
export const SagaView = SagaSummaryView.extend(SagaDetails.shape);
export type SagaView = Readonly<z.infer<typeof SagaView>>;

/** A line of the list of all that operators did to sagas. */
const SagaOperationView = DoneByOperator.extend({ id: z.uuid(), sagaId: z.uuid(), subject: OrderId });
export type SagaOperationView = Readonly<z.infer<typeof SagaOperationView>>;

/** `GET /sagas/operations` */
export const SagaOperationViews = pageOf(SagaOperationView);
