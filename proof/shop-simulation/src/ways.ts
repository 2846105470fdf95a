import type { OrderRow } from './parts.js';

/** What of an order says where it is. */
export type Place = Pick<OrderRow, 'status' | 'change'>;

/** Where an order may go. One that is CANCELLING may go where the saga leads that answers: place-order, or cancel-order. */
const MAY_BECOME: Readonly<Record<string, readonly string[]>> = {
  PENDING: ['CONFIRMED', 'REJECTED', 'CANCELLING'],
  'CANCELLING from PENDING': ['CONFIRMED', 'REJECTED', 'CANCELLED'],
  CONFIRMED: ['CANCELLING', 'REVISING'],
  'REVISING from CONFIRMED': ['CONFIRMED'],
  'CANCELLING from CONFIRMED': ['CONFIRMED', 'CANCELLED'],
};

const nameOf = ({ status, change }: Place): string => (change ? `${status} from ${change.from}` : status);

/**
 * Whether one commit may lead an order from here to there. A commit is of a batch, and may end one change of the order and begin the next:
 * the row never shows where the order was between them, but the change that has begun says so.
 */
export function mayGo(before: Place, after: Place): boolean {
  const begun = after.change && after.change.id !== before.change?.id ? after.change : undefined;
  const [from, to] = [nameOf(before), after.status];
  const places = begun && begun.from !== from ? [from, begun.from, to] : [from, to];
  return places.every((place, nth) => nth === 0 || MAY_BECOME[places[nth - 1] ?? '']?.includes(place) === true);
}

/** As a violation names it. */
export function wayOf(before: Place, after: Place): string {
  return `was ${nameOf(before)} and is written again as ${nameOf(after)}`;
}
