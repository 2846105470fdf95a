import { command, event } from '@backstep/messages';
import { z } from 'zod';
import { Currency, MAX_LINES, MinorUnits, OrderId, RequestedItem, RevisionId, Sku } from '../fields.js';

export const ReserveStock = command('inventory', 'ReserveStock', {
  key: 'orderId',
  summary: 'Reserve all lines of an order, or none.',
  data: z.object({ orderId: OrderId, items: z.array(RequestedItem).min(1).max(MAX_LINES) }),
});

export const ReleaseStock = command('inventory', 'ReleaseStock', {
  key: 'orderId',
  summary: 'Compensation: give back what ReserveStock reserved. Accepted even when it arrives first or alone.',
  data: z.object({ orderId: OrderId, items: z.array(RequestedItem).min(1).max(MAX_LINES) }),
});

export const StockReserved = event('inventory', 'StockReserved', {
  key: 'orderId',
  summary: 'All lines of the order are reserved.',
  data: z.object({ orderId: OrderId, items: z.array(RequestedItem) }),
});

export const StockRejected = event('inventory', 'StockRejected', {
  key: 'orderId',
  summary:
    'Nothing was reserved. `short` says which SKU lacked how much; it is empty when the reservation had been released before it was made.',
  data: z.object({
    orderId: OrderId,
    reason: z.enum(['out_of_stock', 'released_first']),
    short: z.array(z.object({ sku: Sku, requested: z.int(), available: z.int() })),
  }),
});

export const StockReleased = event('inventory', 'StockReleased', {
  key: 'orderId',
  summary: 'The order holds no stock (any more).',
  data: z.object({ orderId: OrderId, items: z.array(RequestedItem) }),
});

/** A revision of an order's lines: those that are reserved when it begins, and those that shall be when it is done. */
const Revision = z.object({
  orderId: OrderId,
  revisionId: RevisionId,
  from: z.array(RequestedItem).min(1).max(MAX_LINES),
  to: z.array(RequestedItem).min(1).max(MAX_LINES),
});

export const ReviseReservation = command('inventory', 'ReviseReservation', {
  key: 'orderId',
  summary:
    'Reserve what the new lines of an order need beside what it holds. What they no longer need is held until SettleReservation.',
  data: Revision,
});

export const RestoreReservation = command('inventory', 'RestoreReservation', {
  key: 'orderId',
  summary:
    'Compensation: give back what ReviseReservation reserved beside the old lines. Accepted even when it arrives first or alone.',
  data: Revision,
});

export const SettleReservation = command('inventory', 'SettleReservation', {
  key: 'orderId',
  summary: 'Hold exactly the new lines: give back what they no longer need. Cannot be refused.',
  data: Revision,
});

const Revised = z.object({ orderId: OrderId, revisionId: RevisionId });

export const ReservationRevised = event('inventory', 'ReservationRevised', {
  key: 'orderId',
  summary: 'The order holds its old lines and its new ones.',
  data: Revised,
});

export const RevisionRejected = event('inventory', 'RevisionRejected', {
  key: 'orderId',
  summary:
    'The order holds its old lines and nothing more. `short` says which SKU lacked how much; it is empty when the goods had left the house, or the revision had been taken back before it was made.',
  data: Revised.extend({
    reason: z.enum(['out_of_stock', 'shipped', 'restored_first']),
    short: z.array(z.object({ sku: Sku, requested: z.int(), available: z.int() })),
  }),
});

export const ReservationRestored = event('inventory', 'ReservationRestored', {
  key: 'orderId',
  summary: 'The order holds its old lines and nothing of the revision (any more).',
  data: Revised,
});

export const ReservationSettled = event('inventory', 'ReservationSettled', {
  key: 'orderId',
  summary: 'The order holds exactly its new lines.',
  data: Revised,
});

const Product = z.object({ sku: Sku, name: z.string().min(1).max(200), currency: Currency, price: MinorUnits });

export const ProductListed = event('inventory', 'ProductListed', {
  key: 'sku',
  summary: 'A product is on sale at this price. Told again it changes nothing.',
  data: Product,
});

export const ProductRepriced = event('inventory', 'ProductRepriced', {
  key: 'sku',
  summary: 'A product has another price (or name) from now on.',
  data: Product,
});
