import { ConfirmOrder, OrderConfirmed } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import { Handles, one, reply, update, type Change, type Loaded, afterCommit } from '@backstep/unit-of-work';
import { OrderEnded } from '../order/order-ended.js';
import { Order } from '../order/order.entity.js';
import { confirm, TerminalOrderError, UnknownOrderError } from '../order/order.rules.js';

@Handles(ConfirmOrder)
export class ConfirmOrderHandler {
  needs({ data }: Message<typeof ConfirmOrder>) {
    return { order: one(Order, data.orderId) };
  }

  decide(command: Message<typeof ConfirmOrder>, { order }: Loaded<ConfirmOrderHandler>): Change[] {
    const { orderId } = command.data;
    if (!order) throw new UnknownOrderError(orderId, 'confirm');
    switch (order.status) {
      case 'PENDING': {
        const confirmed = update(Order, order, confirm({ status: order.status }));
        return [
          confirmed,
          reply(command, OrderConfirmed, { orderId }, { of: confirmed }),
          afterCommit(OrderEnded, confirmed),
        ];
      }
      case 'CONFIRMED':
        return [reply(command, OrderConfirmed, { orderId })];
      case 'REJECTED':
        throw new TerminalOrderError(orderId, order.status, 'CONFIRMED');
    }
  }
}
