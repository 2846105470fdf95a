import type { OrderStatus } from '@backstep/contracts/http';
import type { HeldChange } from './order.entity.js';

/** Whether place-order has ended for an order of this status. A change of the order may still be under way. */
export const isTerminal = (status: OrderStatus): boolean =>
  status === 'CONFIRMED' || status === 'REJECTED' || status === 'CANCELLED';

interface ChangingOrder {
  readonly status: OrderStatus;
  readonly change: HeldChange | null;
  readonly cancellation: { readonly from: HeldChange['from'] } | null;
}

/** Whether place-order has not ended for the order, whatever change holds it. */
export const isBeingPlaced = ({ status, change }: ChangingOrder): boolean =>
  status === 'PENDING' || change?.from === 'PENDING';

/** Whether place-order has confirmed the order, whatever became of it since: a ConfirmOrder that comes again is answered again. */
export const wasConfirmed = ({ status, change, cancellation }: ChangingOrder): boolean =>
  status === 'CONFIRMED' ||
  change?.from === 'CONFIRMED' ||
  (status === 'CANCELLED' && cancellation?.from === 'CONFIRMED');

/** A command would end an order differently from how it has ended. The saga never sends such a command; the message is parked. */
export class TerminalOrderError extends Error {
  override readonly name = 'TerminalOrderError';
  readonly parkedAs = 'contradicts';
  constructor(orderId: string, status: OrderStatus, asked: OrderStatus) {
    super(`order ${orderId} is ${status} and cannot become ${asked}`);
  }
}

/** A command about an order that this service does not know. */
export class UnknownOrderError extends Error {
  override readonly name = 'UnknownOrderError';
  readonly parkedAs = 'contradicts';
  constructor(orderId: string, asked: string) {
    super(`there is no order ${orderId} to ${asked}`);
  }
}
