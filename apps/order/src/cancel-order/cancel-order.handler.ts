import { CancelOrder, OrderCancelled } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import { Handles, one, reply, update, type Change, type DecideContext, type Loaded } from '@backstep/unit-of-work';
import { afterCancellation, cancellationOf } from '../order/cancellation.rules.js';
import { Order } from '../order/order.entity.js';
import { TerminalOrderError, UnknownOrderError } from '../order/order.rules.js';

/** Ends a cancellation: all that was done for the order has been undone. */
@Handles(CancelOrder)
export class CancelOrderHandler {
  needs({ data }: Message<typeof CancelOrder>) {
    return { order: one(Order, data.orderId) };
  }

  decide(
    command: Message<typeof CancelOrder>,
    { order }: Loaded<CancelOrderHandler>,
    { now }: Pick<DecideContext, 'now'>,
  ): Change[] {
    const { orderId, cancellationId } = command.data;
    if (!order) throw new UnknownOrderError(orderId, 'cancel');
    const about = { orderId, cancellationId };
    if (order.status === 'CANCELLED' && order.cancellation?.id === cancellationId)
      return [reply(command, OrderCancelled, about)];
    const cancellation = cancellationOf(order);
    if (cancellation?.id !== cancellationId) throw new TerminalOrderError(orderId, order.status, 'CANCELLED');
    const cancelled = update(Order, order, {
      status: 'CANCELLED',
      ...afterCancellation(cancellation, null, now),
    });
    return [cancelled, reply(command, OrderCancelled, about, { of: cancelled })];
  }
}
