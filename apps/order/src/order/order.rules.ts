import type { Failure } from '@backstep/contracts';
import type { OrderStatus } from '@backstep/contracts/http';

/** Discriminated by status: what may follow is what the parameter type admits. */
export type PendingOrder = { readonly status: 'PENDING' };
export type ConfirmedOrder = { readonly status: 'CONFIRMED' };
export type RejectedOrder = { readonly status: 'REJECTED'; readonly failure: Failure };
export type OrderState = PendingOrder | ConfirmedOrder | RejectedOrder;

export const confirm = (_: PendingOrder): ConfirmedOrder => ({ status: 'CONFIRMED' });

export const reject = (_: PendingOrder, failure: Failure): RejectedOrder => ({ status: 'REJECTED', failure });

export const isTerminal = (status: OrderStatus): boolean => status !== 'PENDING';

/** An order is told to end differently from how it ended: never by our saga; a message that claims so is parked. */
export class TerminalOrderError extends Error {
  override readonly name = 'TerminalOrderError';
  readonly parkedAs = 'contradicts';
  constructor(orderId: string, status: OrderStatus, asked: OrderStatus) {
    super(`order ${orderId} is ${status} and cannot become ${asked}`);
  }
}

/** A command about an order that nobody has placed here. */
export class UnknownOrderError extends Error {
  override readonly name = 'UnknownOrderError';
  readonly parkedAs = 'contradicts';
  constructor(orderId: string, asked: string) {
    super(`there is no order ${orderId} to ${asked}`);
  }
}
