/**
 * The requests and answers between the shop's services over HTTP: each is declared once, and both ends use the declaration.
 * The gateway's public representations are made from these, with links.
 */
export * from './accounts.js';
export * from './control-address.js';
export * from './customers.js';
export * from './faults.js';
export * from './fields.js';
export * from './order-placing.js';
export * from './orders.js';
export * from './page.js';
export * from './payment-intents.js';
export * from './place-orders.js';
export * from './products.js';
export * from './revise-order.js';
export * from './saga-definitions.js';
export * from './sagas.js';
export * from './settings.js';
export * from './shipments.js';
export * from './transfers.js';
export * from './webhooks.js';
