import {
  message,
  newId,
  type OrderPlaced,
  type DataOf,
  type Message,
  type MessageDefinition,
} from '@backstep/contracts';

/** An order that nothing is wrong with. */
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

/** A command or event as a saga would send or get it. */
export const aMessage = <D extends MessageDefinition>(
  definition: D,
  data: DataOf<D>,
  metadata: Partial<Message<D>> = {},
): Message<D> =>
  message(definition, data, { source: senderOf(definition), sagaId: newId(), commandId: newId(), ...metadata });

const senderOf = ({ kind, service }: MessageDefinition): string => (kind === 'event' ? service : 'orchestrator');
