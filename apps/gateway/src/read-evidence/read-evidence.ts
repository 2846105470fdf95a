import { OrderId } from '@backstep/contracts';
import { PROBLEMS } from '@backstep/problems';
import { IF_NONE_MATCH } from '../api/etag.js';
import { operation } from '../api/operation.js';
import { PATHS } from '../paths.js';
import { Evidence } from '../representations/evidence.js';

const ETAG =
  'Weak: a hash of all that is shown, but of the moment, and of how far groups have read beyond the messages of the order';

export const readEvidence = operation({
  id: 'readEvidence',
  operator: true,
  method: 'GET',
  path: PATHS.orderEvidence,
  tag: 'Orders',
  summary: 'Read all that is known about an order, from everywhere',
  description:
    'The order, its sagas, its messages in Kafka; and of each service: which of the messages its inbox has, which duplicates it dropped, ' +
    'what waits in its outbox, what is parked, its rows with their versions, its timers, and how far its consumer group has read. ' +
    'Services are asked at the same time, for a second. What does not answer is named in `missing`.',
  params: { orderId: OrderId },
  headers: IF_NONE_MATCH,
  answers: {
    200: {
      description: 'The evidence',
      content: { 'application/json': Evidence },
      headers: { ETag: ETAG },
      links: {
        order: { operationId: 'readOrder', parameters: { orderId: '$response.body#/orderId' } },
        saga: { operationId: 'readSaga', parameters: { sagaId: '$response.body#/sagas/0/id' } },
      },
    },
    304: { description: 'It is still as the answer that If-None-Match names', headers: { ETag: 'Its tag' } },
  },
  problems: [PROBLEMS.notFound],
});
