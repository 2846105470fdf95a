import { ShipmentView } from '@backstep/contracts/http';
import { z } from 'zod';
import { href, PATHS } from '../paths.js';
import { Link } from './fields.js';

export const Shipment = ShipmentView.extend({ links: z.object({ self: Link, order: Link }) }).meta({ id: 'Shipment' });
export type Shipment = ShipmentView & Pick<z.infer<typeof Shipment>, 'links'>;

export const toShipment = (shipment: ShipmentView): Shipment => ({
  id: shipment.id,
  orderId: shipment.orderId,
  status: shipment.status,
  trackingNumber: shipment.trackingNumber,
  reason: shipment.reason,
  items: shipment.items,
  country: shipment.country,
  revisionId: shipment.revisionId,
  history: shipment.history,
  version: shipment.version,
  links: {
    self: href(PATHS.shipment, { orderId: shipment.orderId }),
    order: href(PATHS.order, { orderId: shipment.orderId }),
  },
});
