import { command, event } from '@backstep/messages';
import { z } from 'zod';
import { MAX_LINES, OrderId, RequestedItem, ShippingAddress } from '../fields.js';

export const CreateShipment = command('shipment', 'CreateShipment', {
  key: 'orderId',
  summary: 'Hand the order to the carrier. The pivot of place-order: its answer decides.',
  data: z.object({
    orderId: OrderId,
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
