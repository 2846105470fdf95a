import type { MessageDefinition } from './message.js';
import * as inventory from './messages/inventory.js';
import * as order from './messages/order.js';
import * as payment from './messages/payment.js';
import * as shipment from './messages/shipment.js';

/** Every message of the system. What is not here is unknown, and an unknown message is parked. */
export const CATALOGUE: readonly MessageDefinition[] = [
  ...Object.values(order),
  ...Object.values(inventory),
  ...Object.values(payment),
  ...Object.values(shipment),
];

const byNameAndVersion = new Map(
  CATALOGUE.map((definition) => [`${definition.name}/${definition.version}`, definition]),
);

export const findDefinition = (name: string, version: number): MessageDefinition | undefined =>
  byNameAndVersion.get(`${name}/${version}`);
