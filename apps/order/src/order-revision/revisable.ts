import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { ProblemError } from '@backstep/problems';
import type { HandOver } from '../hand-over/hand-over.entity.js';
import { refuseHandedOver } from '../hand-over/refuse-handed-over.js';
import { changeableStatusOf } from '../order/changeable.js';
import type { Order } from '../order/order.entity.js';

/**
 * An order is revised by one at a time, and only while it is confirmed and the carrier does not have it, as far as this service knows. Of a
 * parcel that was handed over meanwhile, the saga hears.
 * @throws ProblemError 409 `change-in-progress`, `too-late`
 */
export function refuseUnrevisable(order: Order, handOver: HandOver | undefined): void {
  const status = changeableStatusOf(order);
  if (status === 'PENDING')
    throw new ProblemError(SHOP_PROBLEMS.changeInProgress, {
      detail: `Order ${order.id} is being placed.`,
      extensions: { state: status, change: null },
    });
  refuseHandedOver(order, handOver);
}
