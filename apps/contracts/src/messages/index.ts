// Written by `node tools/services.mjs` from the files beside it; do not edit.
export * from './inventory.js';
export * from './order.js';
export * from './payment.js';
export * from './shipment.js';
