import { ConfirmOrder, OrderConfirmed } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import {
  afterCommit,
  Handles,
  one,
  reply,
  update,
  type Change,
  type DecideContext,
  type Loaded,
  type RowChange,
} from '@backstep/unit-of-work';
import {
  afterCancellation,
  cancellationOf,
  CONFIRMED_MEANWHILE,
  tellCancellation,
} from '../order/cancellation.rules.js';
import { OrderEnded } from '../order/order-ended.js';
import { Order } from '../order/order.entity.js';
import { isBeingPlaced, TerminalOrderError, UnknownOrderError, wasConfirmed } from '../order/order.rules.js';

/** Confirms an order. One that its customer wants to cancel is confirmed too: the saga was past its pivot, so the cancellation is refused. */
@Handles(ConfirmOrder)
export class ConfirmOrderHandler {
  needs({ data }: Message<typeof ConfirmOrder>) {
    return { order: one(Order, data.orderId) };
  }

  decide(
    command: Message<typeof ConfirmOrder>,
    { order }: Loaded<ConfirmOrderHandler>,
    { now }: Pick<DecideContext, 'now'>,
  ): Change[] {
    const { orderId } = command.data;
    if (!order) throw new UnknownOrderError(orderId, 'confirm');
    if (wasConfirmed(order)) return [reply(command, OrderConfirmed, { orderId })];
    if (!isBeingPlaced(order)) throw new TerminalOrderError(orderId, order.status, 'CONFIRMED');
    const cancellation = cancellationOf(order);
    if (!cancellation) return told(command, update(Order, order, { status: 'CONFIRMED' }));
    const confirmed = update(Order, order, {
      status: 'CONFIRMED',
      ...afterCancellation(cancellation, CONFIRMED_MEANWHILE, now),
    });
    return [...told(command, confirmed), tellCancellation(order, cancellation, CONFIRMED_MEANWHILE, confirmed)];
  }
}

const told = (command: Message<typeof ConfirmOrder>, confirmed: RowChange<Order>): Change[] => [
  confirmed,
  reply(command, OrderConfirmed, { orderId: command.data.orderId }, { of: confirmed }),
  afterCommit(OrderEnded, confirmed),
];
