import type { OrdersFilter } from './orders-search.js';

let shown: OrdersFilter = {};

/** This list is shown. */
export function ordersAreShown(filter: OrdersFilter): void {
  shown = filter;
}

/** The list that was shown last, in this tab: where an order was opened from. Of an order that a link has opened: all orders. */
export const ordersShownLast = (): OrdersFilter => shown;
