import { OrderId } from '@backstep/contracts';
import { PROBLEMS } from '@backstep/problems';
import { CHANGED } from '../api/change.js';
import { IfMatch } from '../api/etag.js';
import { keyForEach } from '../api/idempotency.js';
import { operation } from '../api/operation.js';
import { PATHS } from '../paths.js';
import { Shipment } from '../representations/shipment.js';

/** What the operations that move a shipment have in common. */
const MOVE = {
  operator: true,
  method: 'POST',
  tag: 'Shipments',
  params: { orderId: OrderId },
  headers: { 'If-Match': IfMatch, 'Idempotency-Key': keyForEach('move') },
  absentHeaders: { 'If-Match': PROBLEMS.preconditionRequired },
  answers: {
    200: {
      description: 'The shipment as it is now',
      content: { 'application/json': Shipment },
      headers: CHANGED,
      links: { shipment: { operationId: 'readShipment', parameters: { orderId: '$response.body#/orderId' } } },
    },
  },
  problems: [
    PROBLEMS.notFound,
    PROBLEMS.conflict,
    PROBLEMS.preconditionRequired,
    PROBLEMS.preconditionFailed,
    PROBLEMS.idempotencyKeyReused,
    PROBLEMS.contended,
    PROBLEMS.unavailable,
  ],
} as const;

export const handOverShipment = operation({
  ...MOVE,
  id: 'handOverShipment',
  path: PATHS.shipmentHandOver,
  summary: 'Hand a parcel over to the carrier',
  description:
    'As the clock of the carrier does after `CARRIER_HANDS_OVER_AFTER_MS`. The goods leave the stock, and the order can no longer be changed ' +
    'or cancelled. 409 when the shipment is not CREATED.',
});

export const deliverShipment = operation({
  ...MOVE,
  id: 'deliverShipment',
  path: PATHS.shipmentDeliver,
  summary: 'Tell that the carrier has delivered a parcel',
  description:
    'As the clock of the carrier does after `CARRIER_DELIVERS_AFTER_MS`. 409 when the shipment is not HANDED_OVER.',
});
