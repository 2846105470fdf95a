import { CancelShipment, ShipmentCancellationRefused, ShipmentCancelled } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import {
  Handles,
  insert,
  one,
  reply,
  update,
  type Change,
  type DecideContext,
  type Loaded,
} from '@backstep/unit-of-work';
import { Shipment } from '../shipment/shipment.entity.js';
import { cancel, columnsOf, stateOf, WHY_TOO_LATE } from '../shipment/shipment.rules.js';

/**
 * Calls a shipment back, until the carrier has the parcel. The command may come before the shipment, or without one: the cancellation is
 * stored, and a late CreateShipment is refused. A repeated command gets the same answer, since no state leads out of those that decide it.
 */
@Handles(CancelShipment)
export class CancelShipmentHandler {
  needs({ data }: Message<typeof CancelShipment>) {
    return { shipment: one(Shipment, data.orderId) };
  }

  decide(
    command: Message<typeof CancelShipment>,
    { shipment }: Loaded<CancelShipmentHandler>,
    { now, newId }: DecideContext,
  ): Change[] {
    const { orderId } = command.data;
    const at = new Date(now);
    if (!shipment) {
      const never = insert(Shipment, {
        orderId,
        shipmentId: newId(),
        items: [],
        address: null,
        revisionId: null,
        createdAt: at,
        ...columnsOf(cancel(undefined, at)),
      });
      return [never, reply(command, ShipmentCancelled, { orderId }, { of: never })];
    }
    const { shipmentId } = shipment;
    const state = stateOf(shipment);
    switch (state.status) {
      case 'CREATED': {
        const cancelled = update(Shipment, shipment, columnsOf(cancel(state, at)));
        return [cancelled, reply(command, ShipmentCancelled, { orderId, shipmentId }, { of: cancelled })];
      }
      case 'CANCELLED':
        return [reply(command, ShipmentCancelled, { orderId, ...(state.trackingNumber !== null && { shipmentId }) })];
      case 'REFUSED':
        return [reply(command, ShipmentCancelled, { orderId })];
      case 'HANDED_OVER':
      case 'DELIVERED':
        return [reply(command, ShipmentCancellationRefused, { orderId, reason: WHY_TOO_LATE[state.status] })];
    }
  }
}
