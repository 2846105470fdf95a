import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { ProblemError } from '@backstep/problems';
import type { HandOver } from '../hand-over/hand-over.entity.js';
import { refuseHandedOver } from '../hand-over/refuse-handed-over.js';
import type { Order } from '../order/order.entity.js';
import { changeView } from '../order/order.view.js';

/**
 * An order is changed by one at a time, and only while it is confirmed and the carrier does not have it, as far as this service knows. Of a
 * parcel that was handed over meanwhile, the saga hears.
 * @throws ProblemError 409 `change-in-progress`, `too-late`
 */
export function refuseUnrevisable(order: Order, handOver: HandOver | undefined): void {
  const { id, status, change } = order;
  switch (status) {
    case 'PENDING':
      throw new ProblemError(SHOP_PROBLEMS.changeInProgress, {
        detail: `Order ${id} is being placed.`,
        extensions: { state: status, change: null },
      });
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
    case 'CONFIRMED':
      refuseHandedOver(order, handOver);
  }
}
