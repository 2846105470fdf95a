import { OrderCancellationRefused, RefuseCancellation } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import { Handles, one, reply, update, type Change, type DecideContext, type Loaded } from '@backstep/unit-of-work';
import { afterCancellation, cancellationOf } from '../order/cancellation.rules.js';
import { Order } from '../order/order.entity.js';
import { UnknownOrderError } from '../order/order.rules.js';

/** Ends a cancellation that the carrier has refused: the order is confirmed again, and says why it was not cancelled. */
@Handles(RefuseCancellation)
export class RefuseCancellationHandler {
  needs({ data }: Message<typeof RefuseCancellation>) {
    return { order: one(Order, data.orderId) };
  }

  decide(
    command: Message<typeof RefuseCancellation>,
    { order }: Loaded<RefuseCancellationHandler>,
    { now }: Pick<DecideContext, 'now'>,
  ): Change[] {
    const { orderId, cancellationId, failure } = command.data;
    if (!order) throw new UnknownOrderError(orderId, 'refuse to cancel');
    const cancellation = cancellationOf(order);
    // The cancellation no longer holds the order: it was refused before. The order may have another change by now, so the command has the answer.
    if (cancellation?.id !== cancellationId) return [reply(command, OrderCancellationRefused, command.data)];
    const kept = update(Order, order, { status: 'CONFIRMED', ...afterCancellation(cancellation, failure, now) });
    return [kept, reply(command, OrderCancellationRefused, { orderId, cancellationId, failure }, { of: kept })];
  }
}
