import { OrderId } from '@backstep/contracts';
import { PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { ETAG, IF_NONE_MATCH, NOT_MODIFIED } from '../api/etag.js';
import { operation } from '../api/operation.js';
import { PATHS } from '../paths.js';
import { Order } from '../representations/order.js';
import { Saga } from '../representations/saga.js';

export const OrderWithSaga = Order.extend({
  saga: Saga.nullable().meta({
    description: 'The saga that places the order; null when none has begun, or the orchestrator does not answer',
  }),
  sagas: z
    .array(Saga)
    .nullable()
    .meta({ description: 'All sagas of the order, the first begun first; null when the orchestrator does not answer' }),
}).meta({ id: 'OrderWithSaga' });
export type OrderWithSaga = Order & Pick<z.infer<typeof OrderWithSaga>, 'saga' | 'sagas'>;

export const readOrder = operation({
  id: 'readOrder',
  method: 'GET',
  path: PATHS.order,
  tag: 'Orders',
  summary: 'Read an order',
  description:
    '304 says that the order and its sagas are as they were. To watch the steps of a saga, stream its events.',
  params: { orderId: OrderId },
  headers: IF_NONE_MATCH,
  answers: {
    200: {
      description: 'The order, and how its sagas are getting on',
      content: { 'application/json': OrderWithSaga },
      headers: { ETag: ETAG },
      links: {
        events: { operationId: 'orderEvents', parameters: { orderId: '$response.body#/id' } },
        saga: { operationId: 'readSaga', parameters: { sagaId: '$response.body#/saga/id' } },
      },
    },
    ...NOT_MODIFIED,
  },
  problems: [PROBLEMS.notFound, PROBLEMS.unavailable],
});
