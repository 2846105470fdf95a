import { CreateShipment, ShipmentCreated, ShipmentRefused } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import {
  ContradictoryCommandError,
  Handles,
  insert,
  one,
  reply,
  type Change,
  type DecideContext,
  type Loaded,
} from '@backstep/unit-of-work';
import { askCarrier } from '../shipment/carrier.rules.js';
import { Shipment } from '../shipment/shipment.entity.js';

/** Hands an order to the carrier once. A repeated command gets the stored answer; a command with other data is parked. */
@Handles(CreateShipment)
export class CreateShipmentHandler {
  needs({ data }: Message<typeof CreateShipment>) {
    return { shipment: one(Shipment, data.orderId) };
  }

  decide(
    command: Message<typeof CreateShipment>,
    { shipment }: Loaded<CreateShipmentHandler>,
    { now, newId }: DecideContext,
  ): Change[] {
    if (shipment) refuseOther(command, shipment);
    if (shipment) return [tell(command, shipment)];

    const { orderId, items, shippingAddress: address } = command.data;
    const shipmentId = newId();
    const answer = askCarrier(address.country, shipmentId);
    const made = insert(Shipment, {
      orderId,
      shipmentId,
      items,
      address,
      createdAt: new Date(now),
      ...(answer.accepted
        ? { status: 'CREATED', trackingNumber: answer.trackingNumber, reason: null }
        : { status: 'REFUSED', trackingNumber: null, reason: answer.reason }),
    });
    return [made, tell(command, made.row, made)];
  }
}

function tell(
  command: Message<typeof CreateShipment>,
  { orderId, shipmentId, status, trackingNumber, reason }: Shipment,
  of?: ReturnType<typeof insert<Shipment>>,
): Change {
  return status === 'CREATED'
    ? reply(command, ShipmentCreated, { orderId, shipmentId, trackingNumber: trackingNumber ?? '' }, { of })
    : reply(command, ShipmentRefused, { orderId, reason: reason ?? '' }, { of });
}

/** @throws ContradictoryCommandError */
function refuseOther({ data }: Message<typeof CreateShipment>, { items, address }: Shipment): void {
  const differences = [];
  const sameItems =
    items.length === data.items.length &&
    items.every(({ sku, quantity }, at) => sku === data.items[at]?.sku && quantity === data.items[at].quantity);
  if (!sameItems) differences.push('other items');
  // The address itself is in no error message.
  const fields = ['name', 'line1', 'city', 'postalCode', 'country'] as const;
  if (fields.some((field) => address[field] !== data.shippingAddress[field])) differences.push('another address');
  if (differences.length > 0) throw new ContradictoryCommandError('CreateShipment', differences);
}
