/** The carrier has taken the order on; the parcel is still in the house. */
export interface Created {
  readonly status: 'CREATED';
  readonly trackingNumber: string;
}
/** The carrier has the parcel: nothing can be changed or cancelled any more. */
export interface HandedOver {
  readonly status: 'HANDED_OVER';
  readonly trackingNumber: string;
  readonly handedOverAt: Date;
}
export interface Delivered {
  readonly status: 'DELIVERED';
  readonly trackingNumber: string;
  readonly handedOverAt: Date;
  readonly deliveredAt: Date;
}
/** The parcel never leaves the house. */
export interface Cancelled {
  readonly status: 'CANCELLED';
  /** null: cancelled before it was created. */
  readonly trackingNumber: string | null;
  readonly cancelledAt: Date;
}
/** The carrier has not taken the order on. */
export interface Refused {
  readonly status: 'REFUSED';
  readonly reason: string;
}

export type ShipmentState = Created | HandedOver | Delivered | Cancelled | Refused;
export type ShipmentStatus = ShipmentState['status'];

/** What the carrier does with a parcel. */
export const CARRIER_MOVES = ['hand-over', 'deliver'] as const;
export type CarrierMove = (typeof CARRIER_MOVES)[number];

export const handOver = ({ trackingNumber }: Created, handedOverAt: Date): HandedOver => ({
  status: 'HANDED_OVER',
  trackingNumber,
  handedOverAt,
});

export const deliver = ({ trackingNumber, handedOverAt }: HandedOver, deliveredAt: Date): Delivered => ({
  status: 'DELIVERED',
  trackingNumber,
  handedOverAt,
  deliveredAt,
});

/** @param state undefined: the cancellation comes before the shipment */
export const cancel = (state: Created | undefined, cancelledAt: Date): Cancelled => ({
  status: 'CANCELLED',
  trackingNumber: state?.trackingNumber ?? null,
  cancelledAt,
});

/** @returns the state after the carrier's move; undefined when the present state does not allow it */
export function moved(state: ShipmentState, move: CarrierMove, at: Date): HandedOver | Delivered | undefined {
  if (move === 'hand-over') return state.status === 'CREATED' ? handOver(state, at) : undefined;
  return state.status === 'HANDED_OVER' ? deliver(state, at) : undefined;
}

/**
 * Why a shipment in this state can not be changed, for people. A delivered parcel has the reason of one that is handed over: the answer to a
 * repeated command must not change with the delivery.
 */
export const WHY_TOO_LATE = {
  HANDED_OVER: 'The carrier has the parcel.',
  DELIVERED: 'The carrier has the parcel.',
  CANCELLED: 'The shipment is cancelled.',
  REFUSED: 'The carrier has refused the order.',
} as const;

/** The state as it is stored: one column a fact, so that SQL can look for due parcels. */
export interface StateColumns {
  readonly status: ShipmentStatus;
  readonly trackingNumber: string | null;
  readonly reason: string | null;
  readonly handedOverAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly cancelledAt: Date | null;
}

/** Every column of the state: what the state has no member for becomes null. */
export const columnsOf = (state: ShipmentState): StateColumns => ({
  status: state.status,
  trackingNumber: 'trackingNumber' in state ? state.trackingNumber : null,
  reason: 'reason' in state ? state.reason : null,
  handedOverAt: 'handedOverAt' in state ? state.handedOverAt : null,
  deliveredAt: 'deliveredAt' in state ? state.deliveredAt : null,
  cancelledAt: 'cancelledAt' in state ? state.cancelledAt : null,
});

/** @throws Error when a column lacks what its status demands, which the table's CHECK refuses too */
export function stateOf(row: StateColumns): ShipmentState {
  const { status } = row;
  const the = <Name extends keyof StateColumns>(name: Name): NonNullable<StateColumns[Name]> => {
    const value = row[name];
    if (value === null) throw new Error(`a shipment that is ${status} has no ${name}`);
    return value;
  };
  switch (status) {
    case 'CREATED':
      return { status, trackingNumber: the('trackingNumber') };
    case 'HANDED_OVER':
      return { status, trackingNumber: the('trackingNumber'), handedOverAt: the('handedOverAt') };
    case 'DELIVERED':
      return {
        status,
        trackingNumber: the('trackingNumber'),
        handedOverAt: the('handedOverAt'),
        deliveredAt: the('deliveredAt'),
      };
    case 'CANCELLED':
      return { status, trackingNumber: row.trackingNumber, cancelledAt: the('cancelledAt') };
    case 'REFUSED':
      return { status, reason: the('reason') };
  }
}
