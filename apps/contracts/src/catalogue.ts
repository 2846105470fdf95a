import { catalogue } from '@backstep/messages';
import * as inventory from './messages/inventory.js';
import * as order from './messages/order.js';
import * as payment from './messages/payment.js';
import * as shipment from './messages/shipment.js';

/** Every message of the shop. What is not here is unknown, and an unknown message is parked. */
export const CATALOGUE = catalogue([
  ...Object.values(order),
  ...Object.values(inventory),
  ...Object.values(payment),
  ...Object.values(shipment),
]);
