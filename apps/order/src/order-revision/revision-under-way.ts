import { ContradictoryCommandError } from '@backstep/unit-of-work';
import type { Order } from '../order/order.entity.js';
import { UnknownOrderError } from '../order/order.rules.js';
import type { OrderRevision, RevisionStatus } from './order-revision.entity.js';

/** A command would end a revision differently from how it has ended. The saga never sends such a command; the message is parked. */
export class EndedRevisionError extends Error {
  override readonly name = 'EndedRevisionError';
  readonly parkedAs = 'contradicts';
  constructor({ id, status }: OrderRevision, asked: RevisionStatus) {
    super(`revision ${id} is ${status} and cannot become ${asked}`);
  }
}

/**
 * The order and the revision that a command is about. While the revision is requested, the order is its own: nobody else changes it.
 * @throws UnknownOrderError, ContradictoryCommandError
 */
export function revisingOrder(
  command: string,
  { orderId, revisionId }: { readonly orderId: string; readonly revisionId: string },
  order: Order | undefined,
  revision: OrderRevision | undefined,
): { readonly order: Order; readonly revision: OrderRevision } {
  if (!order) throw new UnknownOrderError(orderId, 'revise');
  if (revision?.orderId !== order.id)
    throw new ContradictoryCommandError(command, [`order ${orderId} has no revision ${revisionId}`]);
  if (revision.status === 'REQUESTED' && order.change?.id !== revision.id)
    throw new ContradictoryCommandError(command, [`order ${orderId} is ${order.status}, and not for this revision`]);
  return { order, revision };
}
