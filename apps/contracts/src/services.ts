// Written by `node tools/services.mjs` from apps/*/service.json; do not edit.

/** Every process of the shop, by port. `variable` is what the names of its settings begin with. */
export const PROCESSES = {
  gateway: {
    variable: 'GATEWAY',
    port: 3000,
  },
  order: {
    variable: 'ORDER',
    port: 3001,
    database: 'backstep_order',
    consumes: ['order.commands', 'inventory.events', 'shipment.events'],
    provides: ['order.events'],
  },
  inventory: {
    variable: 'INVENTORY',
    port: 3002,
    database: 'backstep_inventory',
    consumes: ['inventory.commands', 'shipment.events'],
    provides: ['inventory.events'],
  },
  payment: {
    variable: 'PAYMENT',
    port: 3003,
    database: 'backstep_payment',
    consumes: ['payment.commands'],
    provides: ['payment.events'],
  },
  shipment: {
    variable: 'SHIPMENT',
    port: 3004,
    database: 'backstep_shipment',
    consumes: ['shipment.commands'],
    provides: ['shipment.events'],
  },
  orchestrator: {
    variable: 'ORCHESTRATOR',
    port: 3005,
    database: 'backstep_orchestrator',
    consumes: ['order.events', 'inventory.events', 'payment.events', 'shipment.events'],
    provides: ['order.commands', 'inventory.commands', 'payment.commands', 'shipment.commands'],
  },
  'payment-provider': {
    variable: 'PAYMENT_PROVIDER',
    port: 3006,
  },
} as const;

/** The services: each owns a database. */
export const SERVICES = ['order', 'inventory', 'payment', 'shipment', 'orchestrator'] as const;

/** Services that take part in sagas: commands go in, events come out. The orchestrator only reads and sends. */
export const PARTICIPANTS = ['order', 'inventory', 'payment', 'shipment'] as const;

export const TOPIC_NAMES = [
  'order.commands',
  'order.events',
  'inventory.commands',
  'inventory.events',
  'payment.commands',
  'payment.events',
  'shipment.commands',
  'shipment.events',
] as const;
