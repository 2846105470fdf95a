import type { Order } from './order.entity.js';

/** An order of one cup that is being placed. */
export const pendingOrder = (id: string): Omit<Order, 'version'> => ({
  id,
  status: 'PENDING',
  currency: 'EUR',
  total: 500,
  items: [{ sku: 'cup', quantity: 1, unitPrice: 500 }],
  paymentMethod: 'pm_card_visa',
  shippingAddress: { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
  failureCode: null,
  failureMessage: null,
  change: null,
  cancellation: null,
  createdAt: new Date(Date.UTC(2030, 0, 1)),
  traceparent: 'tp',
});
