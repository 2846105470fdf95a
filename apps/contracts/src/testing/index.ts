import { newId, type DataOf } from '@backstep/messages';
import type { OrderPlaced } from '../index.js';

/** A valid order. */
export function anOrder(changes: Partial<DataOf<typeof OrderPlaced>> = {}): DataOf<typeof OrderPlaced> {
  const items = changes.items ?? [{ sku: 'espresso-cup', quantity: 2, unitPrice: 2100 }];
  return {
    orderId: newId(),
    currency: 'EUR',
    total: items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0),
    items,
    paymentMethod: 'pm_card_visa',
    shippingAddress: {
      name: 'Ada Lovelace',
      line1: 'St James Square 12',
      city: 'London',
      postalCode: 'SW1Y',
      country: 'GB',
    },
    ...changes,
  };
}
