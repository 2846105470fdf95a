export * from './access.js';
export * from './catalogue.js';
export * from './fields.js';
export * from './messages/inventory.js';
export * from './messages/order.js';
export * from './messages/payment.js';
export * from './messages/shipment.js';
export * from './topics.js';
