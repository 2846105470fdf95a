import type { OrderStatus } from '../api/types.js';

export const ORDER_STATUSES = [
  'PENDING',
  'CONFIRMED',
  'REJECTED',
  'CANCELLING',
  'CANCELLED',
  'REVISING',
] as const satisfies readonly OrderStatus[];

/** The state of the list, as its address has it. */
export interface OrdersSearch {
  readonly status?: OrderStatus;
  /** The order of the row that has the keyboard. */
  readonly sel?: string;
}

/** What is not understood is left out: an address that somebody has mistyped still shows the list. */
export function ordersSearch({ status, sel }: Readonly<Record<string, unknown>>): OrdersSearch {
  const known = ORDER_STATUSES.find((one) => one === String(status).toUpperCase());
  return { ...(known && { status: known }), ...(isUuid(sel) && { sel }) };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
