import type { RequestedItem, ShippingAddress } from '@backstep/contracts';
import { ContradictoryCommandError } from '@backstep/unit-of-work';
import type { Shipment } from './shipment.entity.js';

interface Asked {
  readonly items: readonly RequestedItem[];
  readonly shippingAddress: ShippingAddress;
}

/**
 * Refuses a repeated command with other data than the stored one.
 * @throws ContradictoryCommandError
 */
export function refuseOther(command: string, asked: Asked, { items, address }: Shipment): void {
  const differences = [];
  const sameItems =
    items.length === asked.items.length &&
    items.every(({ sku, quantity }, at) => sku === asked.items[at]?.sku && quantity === asked.items[at].quantity);
  if (!sameItems) differences.push('other items');
  // The address itself is in no error message.
  const fields = ['name', 'line1', 'city', 'postalCode', 'country'] as const;
  if (fields.some((field) => address?.[field] !== asked.shippingAddress[field])) differences.push('another address');
  if (differences.length > 0) throw new ContradictoryCommandError(command, differences);
}
