import type { OrderStatus } from '../api/types.js';
import { absolute, type Span, whenOf } from './span.js';

export const ORDER_STATUSES = [
  'PENDING',
  'CONFIRMED',
  'REJECTED',
  'CANCELLING',
  'CANCELLED',
  'REVISING',
] as const satisfies readonly OrderStatus[];

/** Which orders a list is of. */
export interface OrdersFilter extends Span {
  readonly status?: OrderStatus;
}

/** The state of the list, as its address has it. */
export interface OrdersSearch extends OrdersFilter {
  /** The order of the row that has the keyboard. */
  readonly sel?: string;
}

/** What is not understood is left out: an address that somebody has mistyped still shows the list. */
export function ordersSearch(given: Readonly<Record<string, unknown>>): OrdersSearch {
  const { status, sel } = given;
  const known = ORDER_STATUSES.find((one) => one === String(status).toUpperCase());
  const [from, to] = [whenOf(given['from']), whenOf(given['to'])];
  return {
    ...(known && { status: known }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(isUuid(sel) && { sel }),
  };
}

type Loose<Of> = { readonly [Name in keyof Of]?: Of[Name] | undefined };

/** Of which orders it is, without the row. */
export const filterOf = ({ status, from, to }: Loose<OrdersFilter>): OrdersFilter => ({
  ...(status && { status }),
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
});

/** The same for somebody who opens it later: with nothing relative in it. */
export const frozen = (search: OrdersSearch, now: number): OrdersSearch => ({ ...search, ...absolute(search, now) });

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
