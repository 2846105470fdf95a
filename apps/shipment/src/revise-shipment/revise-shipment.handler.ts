import { ReviseShipment, ShipmentRevised, ShipmentRevisionRefused } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import { Handles, one, reply, update, type Change, type Loaded } from '@backstep/unit-of-work';
import { askCarrier } from '../shipment/carrier.rules.js';
import { refuseOther } from '../shipment/refuse-other.js';
import { Shipment } from '../shipment/shipment.entity.js';
import { stateOf, WHY_TOO_LATE } from '../shipment/shipment.rules.js';

/**
 * Gives a shipment other items and another address, until the carrier has the parcel. A repeated command gets the same answer: a done
 * revision is stored, and a refused one stays refused, since no state leads back to CREATED.
 */
@Handles(ReviseShipment)
export class ReviseShipmentHandler {
  needs({ data }: Message<typeof ReviseShipment>) {
    return { shipment: one(Shipment, data.orderId) };
  }

  decide(command: Message<typeof ReviseShipment>, { shipment }: Loaded<ReviseShipmentHandler>): Change[] {
    const { orderId, revisionId, items, shippingAddress: address } = command.data;
    const refused = (reason: string): Change[] => [
      reply(command, ShipmentRevisionRefused, { orderId, revisionId, reason }),
    ];
    if (!shipment) return refused('The order has no shipment.');
    if (shipment.revisionId === revisionId) {
      refuseOther('ReviseShipment', command.data, shipment);
      return [reply(command, ShipmentRevised, { orderId, revisionId })];
    }
    const { status } = stateOf(shipment);
    if (status !== 'CREATED') return refused(WHY_TOO_LATE[status]);
    const answer = askCarrier(address.country, shipment.shipmentId);
    if (!answer.accepted) return refused(answer.reason);

    const revised = update(Shipment, shipment, { items, address, revisionId });
    return [revised, reply(command, ShipmentRevised, { orderId, revisionId }, { of: revised })];
  }
}
