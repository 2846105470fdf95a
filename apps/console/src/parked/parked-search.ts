import type { ParkedState, Service, SettleAction } from '../api/types.js';
import { isUuid } from '../orders/orders-search.js';

/** What waits for an operator first. */
export const PARKED_STATES = ['poisoned', 'held', 'discarded'] as const satisfies readonly ParkedState[];
export const SETTLE_ACTIONS = ['replay', 'discard'] as const satisfies readonly SettleAction[];
export const SERVICES = [
  'order',
  'inventory',
  'payment',
  'shipment',
  'orchestrator',
] as const satisfies readonly Service[];

/** The state of the page, as its address has it. */
export interface ParkedSearch {
  readonly service?: Service;
  /** Left out: what is poisoned, each with what is held behind it. */
  readonly state?: ParkedState;
  /** The message of the row that has the keyboard. */
  readonly sel?: string;
  /** The action whose dry run is open, on the messages that are chosen, or on that of the row. */
  readonly do?: SettleAction;
}

/** What is not understood is left out: an address that somebody has mistyped still shows the list. */
export function parkedSearch(given: Readonly<Record<string, unknown>>): ParkedSearch {
  const service = SERVICES.find((one) => one === String(given['service']).toLowerCase());
  const state = PARKED_STATES.find((one) => one === String(given['state']).toLowerCase());
  const action = SETTLE_ACTIONS.find((one) => one === given['do']);
  const { sel } = given;
  return {
    ...(service && { service }),
    ...(state && { state }),
    ...(isUuid(sel) && { sel, ...(action && { do: action }) }),
  };
}

/** The same without the message and its action. */
export const filterOf = ({ service, state }: ParkedSearch): ParkedSearch => ({
  ...(service && { service }),
  ...(state && { state }),
});

interface Place {
  readonly id: string;
  readonly service: Service;
  /** What it is, or has become, as far as that is known. */
  readonly state: string | null;
}

/** The list that has a message, with its row selected. Where it is parked no more, the page says so. */
export const placeOf = ({ id, service, state }: Place): ParkedSearch => {
  const known = PARKED_STATES.find((one) => one === state);
  return { service, ...(known && known !== 'poisoned' && { state: known }), sel: id };
};
