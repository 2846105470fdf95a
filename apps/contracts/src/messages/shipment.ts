import { command, event } from '@backstep/messages';
import { z } from 'zod';
import { MAX_LINES, OrderId, RequestedItem, RevisionId, ShippingAddress } from '../fields.js';

export const CreateShipment = command('shipment', 'CreateShipment', {
  key: 'orderId',
  summary: 'Hand the order to the carrier. The pivot of place-order: its answer decides.',
  data: z.object({
    orderId: OrderId,
    items: z.array(RequestedItem).min(1).max(MAX_LINES),
    shippingAddress: ShippingAddress,
  }),
});

export const CancelShipment = command('shipment', 'CancelShipment', {
  key: 'orderId',
  summary:
    'Call the order back from the carrier, which refuses once the parcel is handed over. Accepted even when it arrives first or alone: a later CreateShipment is refused.',
  data: z.object({ orderId: OrderId }),
});

export const ReviseShipment = command('shipment', 'ReviseShipment', {
  key: 'orderId',
  summary:
    'Ship these items to this address instead. Refused once the parcel is handed over, and by the rules of the carrier.',
  data: z.object({
    orderId: OrderId,
    revisionId: RevisionId,
    items: z.array(RequestedItem).min(1).max(MAX_LINES),
    shippingAddress: ShippingAddress,
  }),
});

export const ShipmentCreated = event('shipment', 'ShipmentCreated', {
  key: 'orderId',
  summary: 'The carrier took the order.',
  data: z.object({ orderId: OrderId, shipmentId: z.uuid(), trackingNumber: z.string() }),
});

export const ShipmentRefused = event('shipment', 'ShipmentRefused', {
  key: 'orderId',
  summary: 'The carrier does not take this order.',
  data: z.object({ orderId: OrderId, reason: z.string().max(500) }),
});

export const ShipmentCancelled = event('shipment', 'ShipmentCancelled', {
  key: 'orderId',
  summary: 'The order will not be shipped. `shipmentId` is left out when no shipment had been created.',
  data: z.object({ orderId: OrderId, shipmentId: z.uuid().optional() }),
});

export const ShipmentCancellationRefused = event('shipment', 'ShipmentCancellationRefused', {
  key: 'orderId',
  summary: 'The shipment cannot be called back: the carrier has it.',
  data: z.object({ orderId: OrderId, reason: z.string().max(500) }),
});

export const ShipmentRevised = event('shipment', 'ShipmentRevised', {
  key: 'orderId',
  summary: 'The shipment has the items and the address of this revision.',
  data: z.object({ orderId: OrderId, revisionId: RevisionId }),
});

export const ShipmentRevisionRefused = event('shipment', 'ShipmentRevisionRefused', {
  key: 'orderId',
  summary: 'The shipment stays as it was before this revision.',
  data: z.object({ orderId: OrderId, revisionId: RevisionId, reason: z.string().max(500) }),
});

const Parcel = z.object({
  orderId: OrderId,
  shipmentId: z.uuid(),
  trackingNumber: z.string(),
  items: z.array(RequestedItem),
});

export const ShipmentHandedOver = event('shipment', 'ShipmentHandedOver', {
  key: 'orderId',
  summary: 'The items have left the house with the carrier. From here on the shipment cannot be cancelled or revised.',
  data: Parcel,
});

export const ShipmentDelivered = event('shipment', 'ShipmentDelivered', {
  key: 'orderId',
  summary: 'The carrier has delivered the parcel. It tells the items once more, to whoever has missed the hand-over.',
  data: Parcel,
});
