import type { Failure } from '@backstep/contracts';
import type { OrderStatus } from '@backstep/contracts/http';

/** Discriminated by status, so that an illegal transition does not type-check. */
export type PendingOrder = { readonly status: 'PENDING' };
export type ConfirmedOrder = { readonly status: 'CONFIRMED' };
export type RejectedOrder = { readonly status: 'REJECTED'; readonly failure: Failure };
export type OrderState = PendingOrder | ConfirmedOrder | RejectedOrder;

export const confirm = (_: PendingOrder): ConfirmedOrder => ({ status: 'CONFIRMED' });

export const reject = (_: PendingOrder, failure: Failure): RejectedOrder => ({ status: 'REJECTED', failure });

export const isTerminal = (status: OrderStatus): boolean => status !== 'PENDING';

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
