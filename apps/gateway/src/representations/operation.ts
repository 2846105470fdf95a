import { OrderId, type ServiceName } from '@backstep/contracts';
import { SagaAction, type SagaOperationView, Time } from '@backstep/contracts/http';
import { z } from 'zod';
import { href, PATHS } from '../paths.js';
import { Link } from './fields.js';
import { Service } from './parked-message.js';

/** What operators do to messages that a service could not handle. */
export const PARKED_ACTIONS = ['replay', 'discard'] as const;

export const OperatorAction = z.enum([...SagaAction.options, ...PARKED_ACTIONS]).meta({ id: 'OperatorAction' });
export type OperatorAction = z.infer<typeof OperatorAction>;

export const OperatorOperation = z
  .object({
    id: z.uuid(),
    at: Time,
    by: z.string(),
    action: OperatorAction,
    reason: z.string(),
    target: z
      .object({
        kind: z.enum(['saga', 'parked']),
        id: z.uuid(),
        orderId: OrderId.nullable().meta({ description: 'null for a message of no order' }),
        service: Service.meta({ description: 'The service that did it' }),
      })
      .meta({ description: 'What it was done to' }),
    from: z.string().meta({ description: 'The state of the target before' }),
    to: z.string().nullable().meta({ description: 'The state it led to; null where that was not kept yet' }),
    step: z.string().nullable().meta({ description: 'The step that the saga stood at; null for a parked message' }),
    direction: z.enum(['forward', 'undo']).nullable(),
    commandIds: z.array(z.string()).nullable().meta({
      description:
        'The `ce_id` of each message that it sent, as its dry run showed it; null where that was not kept yet',
    }),
    requestId: z.string().nullable().meta({ description: 'By which the logs know the request' }),
    links: z.object({ target: Link.nullable(), events: Link.nullable() }),
  })
  .meta({ id: 'OperatorOperation', description: 'What an operator did, and why' });
export type OperatorOperation = z.infer<typeof OperatorOperation>;

export const operationOfSaga = (service: ServiceName, operation: SagaOperationView): OperatorOperation => ({
  id: operation.id,
  at: operation.at,
  by: operation.by,
  action: operation.action,
  reason: operation.reason,
  target: { kind: 'saga', id: operation.sagaId, orderId: operation.subject, service },
  from: operation.from,
  to: operation.to,
  step: operation.step,
  direction: operation.direction,
  commandIds: operation.commandIds,
  requestId: operation.requestId,
  links: {
    target: href(PATHS.saga, { sagaId: operation.sagaId }),
    events: href(PATHS.orderEvents, { orderId: operation.subject }),
  },
});

/** As each service lists what was done to the messages that it had parked. */
export const ParkedOperationView = z.object({
  id: z.uuid(),
  at: Time,
  by: z.string(),
  action: z.enum(PARKED_ACTIONS),
  reason: z.string(),
  message: z.object({ id: z.uuid(), key: z.string() }),
  from: z.string(),
  to: z.string(),
  requestId: z.string().nullable(),
});

/** The key of a message is the id of its order, where it is the id of anything. */
export function operationOfParked(
  service: ServiceName,
  { id, at, by, action, reason, message, from, to, requestId }: z.infer<typeof ParkedOperationView>,
): OperatorOperation {
  const orderId = OrderId.safeParse(message.key).data ?? null;
  return {
    ...{ id, at, by, action, reason, from, to, requestId },
    target: { kind: 'parked', id: message.id, orderId, service },
    ...{ step: null, direction: null, commandIds: null },
    links: { target: null, events: orderId === null ? null : href(PATHS.orderEvents, { orderId }) },
  };
}
