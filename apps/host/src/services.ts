// Written by `node tools/services.mjs` from apps/*/service.json; do not edit.
import type { ServiceOptions } from '@backstep/service';

/** What a host can run. The code of a service is loaded when it is asked for. */
export const SERVICES = {
  gateway: async () => (await import('@backstep/gateway/service')).SERVICE,
  order: async () => (await import('@backstep/order/service')).SERVICE,
  inventory: async () => (await import('@backstep/inventory/service')).SERVICE,
  payment: async () => (await import('@backstep/payment/service')).SERVICE,
  shipment: async () => (await import('@backstep/shipment/service')).SERVICE,
  orchestrator: async () => (await import('@backstep/orchestrator/service')).SERVICE,
} as const satisfies Record<string, () => Promise<ServiceOptions>>;

export type HostedService = keyof typeof SERVICES;
