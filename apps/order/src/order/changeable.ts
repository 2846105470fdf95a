import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { ProblemError } from '@backstep/problems';
import type { Order } from './order.entity.js';
import { changeView } from './order.view.js';

/**
 * The status of an order that no change holds and that has not come to nothing: one change at a time.
 * @throws ProblemError 409 `change-in-progress`, `too-late`
 */
export function changeableStatusOf({ id, status, change }: Order): 'PENDING' | 'CONFIRMED' {
  switch (status) {
    case 'CANCELLING':
    case 'REVISING':
      throw new ProblemError(SHOP_PROBLEMS.changeInProgress, {
        detail: `The order is ${status} since ${change?.since}.`,
        extensions: { state: status, change: changeView(change) },
      });
    case 'REJECTED':
    case 'CANCELLED':
      throw new ProblemError(SHOP_PROBLEMS.tooLate, {
        detail: `Order ${id} is ${status}.`,
        extensions: { state: status },
      });
    case 'PENDING':
    case 'CONFIRMED':
      return status;
  }
}
