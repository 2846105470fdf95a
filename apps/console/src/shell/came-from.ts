import type { OrdersFilter } from '../orders/orders-search.js';
import type { SagaFilter } from '../sagas/queries.js';

/** A list that may be left for one of its rows, and what of it was shown last, in this tab. Of a row that a link has opened: all of it. */
function list<Filter extends object>(all: Filter) {
  let shown = all;
  return { show: (filter: Filter): void => void (shown = filter), shownLast: (): Filter => shown };
}

export const { show: ordersAreShown, shownLast: ordersShownLast } = list<OrdersFilter>({});
export const { show: sagasAreShown, shownLast: sagasShownLast } = list<SagaFilter>({});
