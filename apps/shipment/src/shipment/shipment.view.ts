import type { ShipmentView } from '@backstep/contracts/http';
import type { Shipment } from './shipment.entity.js';

type Moment = ShipmentView['history'][number];

/** A shipment as it is shown: of the address, the country alone. */
export const shipmentView = (shipment: Shipment): ShipmentView => ({
  id: shipment.shipmentId,
  orderId: shipment.orderId,
  status: shipment.status,
  trackingNumber: shipment.trackingNumber,
  reason: shipment.reason,
  items: shipment.items,
  country: shipment.address?.country ?? null,
  revisionId: shipment.revisionId,
  history: historyOf(shipment),
  version: shipment.version,
});

/** When it got each of its states, in their order. */
function historyOf({ status, trackingNumber, createdAt, handedOverAt, deliveredAt, cancelledAt }: Shipment): Moment[] {
  const moments: readonly (readonly [Moment['status'], Date | null])[] = [
    ['CREATED', trackingNumber === null ? null : createdAt],
    ['REFUSED', status === 'REFUSED' ? createdAt : null],
    ['HANDED_OVER', handedOverAt],
    ['DELIVERED', deliveredAt],
    ['CANCELLED', cancelledAt],
  ];
  return moments.flatMap(([became, at]) => (at === null ? [] : [{ status: became, at: at.toISOString() }]));
}
