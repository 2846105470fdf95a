import { z } from 'zod';
import { OrderId, RequestedItem, RevisionId } from '../fields.js';
import { Time, Version } from './fields.js';

export const ShipmentStatus = z.enum(['CREATED', 'HANDED_OVER', 'DELIVERED', 'CANCELLED', 'REFUSED']).meta({
  id: 'ShipmentStatus',
  description:
    'CREATED: the carrier has taken the order on. HANDED_OVER: it has the parcel, and nothing can be changed any more. DELIVERED. CANCELLED: ' +
    'called back before it was handed over. REFUSED: the carrier does not take the order; `reason` says why.',
});
export type ShipmentStatus = z.infer<typeof ShipmentStatus>;

/** A shipment as the shipment service answers it, without the name and the street of its address. */
export const ShipmentView = z.object({
  id: z.uuid(),
  orderId: OrderId,
  status: ShipmentStatus,
  trackingNumber: z.string().nullable().meta({ description: "The carrier's; null when the carrier never took it on" }),
  reason: z.string().nullable().meta({ description: 'Why the carrier refused; null when it did not' }),
  items: z.array(RequestedItem),
  country: z.string().nullable().meta({ description: 'null when it was cancelled before it was created' }),
  revisionId: RevisionId.nullable().meta({ description: 'The revision of the order that it was changed for last' }),
  history: z
    .array(z.object({ status: ShipmentStatus, at: Time }))
    .meta({ description: 'Its states and when it got them, the first first' }),
  version: Version,
});
export type ShipmentView = Readonly<Omit<z.infer<typeof ShipmentView>, 'items'>> & {
  readonly items: readonly RequestedItem[];
};
