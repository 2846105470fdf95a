import { OrderRejected, RejectOrder } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import { Handles, one, reply, update, type Change, type Loaded, afterCommit } from '@backstep/unit-of-work';
import { OrderEnded } from '../order/order-ended.js';
import { Order } from '../order/order.entity.js';
import { reject, TerminalOrderError, UnknownOrderError } from '../order/order.rules.js';

@Handles(RejectOrder)
export class RejectOrderHandler {
  needs({ data }: Message<typeof RejectOrder>) {
    return { order: one(Order, data.orderId) };
  }

  decide(command: Message<typeof RejectOrder>, { order }: Loaded<RejectOrderHandler>): Change[] {
    const { orderId } = command.data;
    if (!order) throw new UnknownOrderError(orderId, 'reject');
    switch (order.status) {
      case 'PENDING': {
        const { status, failure } = reject({ status: order.status }, command.data.failure);
        const rejected = update(Order, order, { status, failureCode: failure.code, failureMessage: failure.message });
        return [
          rejected,
          reply(command, OrderRejected, { orderId, failure }, { of: rejected }),
          afterCommit(OrderEnded, rejected),
        ];
      }
      case 'REJECTED': {
        const { code, message } = command.data.failure;
        const failure = { code: order.failureCode ?? code, message: order.failureMessage ?? message };
        return [reply(command, OrderRejected, { orderId, failure })];
      }
      case 'CONFIRMED':
        throw new TerminalOrderError(orderId, order.status, 'REJECTED');
    }
  }
}
