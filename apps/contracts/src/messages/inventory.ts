import { command, event } from '@backstep/messages';
import { z } from 'zod';
import { Currency, MAX_LINES, MinorUnits, OrderId, RequestedItem, Sku } from '../fields.js';

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
