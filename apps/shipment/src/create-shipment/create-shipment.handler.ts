import { CreateShipment, ShipmentCreated, ShipmentRefused } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import { Handles, insert, one, reply, type Change, type DecideContext, type Loaded } from '@backstep/unit-of-work';
import { askCarrier } from '../shipment/carrier.rules.js';
import { refuseOther } from '../shipment/refuse-other.js';
import { Shipment } from '../shipment/shipment.entity.js';
import { columnsOf, stateOf, WHY_TOO_LATE } from '../shipment/shipment.rules.js';

/**
 * Hands an order to the carrier once. A repeated command gets the stored answer; a command with other data is parked. A shipment that was
 * cancelled, also one that was cancelled before this command came, is refused.
 */
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
    if (shipment && isAsCreated(shipment)) refuseOther('CreateShipment', command.data, shipment);
    if (shipment) return [tell(command, shipment)];

    const { orderId, items, shippingAddress: address } = command.data;
    const shipmentId = newId();
    const answer = askCarrier(address.country, shipmentId);
    const made = insert(Shipment, {
      orderId,
      shipmentId,
      items,
      address,
      revisionId: null,
      createdAt: new Date(now),
      ...columnsOf(
        answer.accepted
          ? { status: 'CREATED', trackingNumber: answer.trackingNumber }
          : { status: 'REFUSED', reason: answer.reason },
      ),
    });
    return [made, tell(command, made.row, made)];
  }
}

/** Whether the items and the address are those of its CreateShipment: there was one, and no revision has replaced them. */
const isAsCreated = ({ address, revisionId }: Shipment): boolean => address !== null && revisionId === null;

function tell(
  command: Message<typeof CreateShipment>,
  shipment: Shipment,
  of?: ReturnType<typeof insert<Shipment>>,
): Change {
  const { orderId, shipmentId } = shipment;
  const state = stateOf(shipment);
  switch (state.status) {
    case 'CREATED':
    case 'HANDED_OVER':
    case 'DELIVERED': {
      const { trackingNumber } = state;
      return reply(command, ShipmentCreated, { orderId, shipmentId, trackingNumber }, { of });
    }
    case 'CANCELLED':
      return reply(command, ShipmentRefused, { orderId, reason: WHY_TOO_LATE.CANCELLED }, { of });
    case 'REFUSED':
      return reply(command, ShipmentRefused, { orderId, reason: state.reason }, { of });
  }
}
