import { ShipmentDelivered, ShipmentHandedOver } from '@backstep/contracts';
import type { ShipmentView } from '@backstep/contracts/http';
import { idempotent } from '@backstep/idempotency';
import {
  emit,
  one,
  reject,
  update,
  whenThere,
  type Change,
  type DecideContext,
  type EditHandler,
  type EditRequest,
  type LoadedNeeds,
} from '@backstep/unit-of-work';
import { Shipment } from '../shipment/shipment.entity.js';
import { columnsOf, moved, stateOf, type CarrierMove } from '../shipment/shipment.rules.js';
import { shipmentView } from '../shipment/shipment.view.js';

/** An object, as a refusal shows it to whoever asked. */
export interface ShipmentEdit {
  readonly move: CarrierMove;
}

export interface MoveShipmentRequest extends EditRequest<ShipmentEdit> {
  readonly orderId: string;
}

/** `illegal`: the present state does not allow the move, and nothing was changed. */
export type MoveShipmentAnswer =
  { readonly outcome: 'moved' | 'illegal'; readonly shipment: ShipmentView } | { readonly outcome: 'unknown' };

const needs = ({ orderId }: MoveShipmentRequest) => ({ shipment: one(Shipment, orderId) });

/** The carrier takes the parcel, or has delivered it: by the clock, or as an operator says. Each is told once. */
export class MoveShipmentHandler implements EditHandler<
  MoveShipmentRequest,
  MoveShipmentAnswer,
  ReturnType<typeof needs>
> {
  readonly needs = needs;
  readonly edits = 'shipment';
  readonly onStale = whenThere(reject());
  readonly current = ({ shipment }: LoadedNeeds<ReturnType<typeof needs>>): unknown =>
    shipment && shipmentView(shipment);

  decide(
    { orderId, edit: { move } }: MoveShipmentRequest,
    { shipment }: LoadedNeeds<ReturnType<typeof needs>>,
    { now }: DecideContext,
  ): { answer: MoveShipmentAnswer; changes: Change[] } {
    if (!shipment) return { answer: { outcome: 'unknown' }, changes: [] };
    const state = moved(stateOf(shipment), move, new Date(now));
    if (!state) return { answer: { outcome: 'illegal', shipment: shipmentView(shipment) }, changes: [] };

    const changed = update(Shipment, shipment, columnsOf(state));
    const { shipmentId, items } = shipment;
    const parcel = { orderId, shipmentId, trackingNumber: state.trackingNumber, items: [...items] };
    const told = emit(state.status === 'HANDED_OVER' ? ShipmentHandedOver : ShipmentDelivered, parcel, { of: changed });
    const view = shipmentView({ ...changed.row, version: shipment.version + 1 });
    return { answer: { outcome: 'moved', shipment: view }, changes: [changed, told] };
  }
}

/** The same with one effect for one key, where the client sends one. */
export const moveShipmentOnce = idempotent(new MoveShipmentHandler(), { operation: 'moveShipment' });
