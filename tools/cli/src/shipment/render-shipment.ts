import type { Shipment } from '../shared/representations.js';
import { paintStatus, plain, type Paint } from '../shared/style.js';
import { fields, table } from '../shared/table.js';
import { moment } from '../shared/time.js';

type Moment = Shipment['history'][number];

/** A shipment for people: where the parcel is, and when it got there. */
export function shipmentText(shipment: Shipment, paint: Paint = plain): string {
  const { id, orderId, status, version, trackingNumber, reason, items, country, history } = shipment;
  const about = fields(
    [
      ['Shipment', id],
      ['Order', orderId],
      ['Status', `${paintStatus(paint, status)} (version ${version})`],
      ['Why', reason ?? undefined],
      ['Tracking', trackingNumber ?? undefined],
      ['Holds', items.map(({ sku, quantity }) => `${quantity} ${sku}`).join(', ') || undefined],
      ['Ships to', country ?? undefined],
    ],
    paint,
  );
  const moments = table<Moment>(
    [
      { title: 'State', cell: (one) => paintStatus(paint, one.status) },
      { title: 'Since', cell: ({ at }) => moment(at) },
    ],
    history,
    paint,
  );
  return `${about}\n\n${moments}`;
}
