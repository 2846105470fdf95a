import { OrderRejected, RejectOrder, type Failure } from '@backstep/contracts';
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
  REJECTED_MEANWHILE,
  tellCancellation,
} from '../order/cancellation.rules.js';
import { OrderEnded } from '../order/order-ended.js';
import { Order } from '../order/order.entity.js';
import { isBeingPlaced, TerminalOrderError, UnknownOrderError, wasConfirmed } from '../order/order.rules.js';

/** Ends an order whose saga was undone: CANCELLED when its customer turned the saga back, else REJECTED. */
@Handles(RejectOrder)
export class RejectOrderHandler {
  needs({ data }: Message<typeof RejectOrder>) {
    return { order: one(Order, data.orderId) };
  }

  decide(
    command: Message<typeof RejectOrder>,
    { order }: Loaded<RejectOrderHandler>,
    { now }: Pick<DecideContext, 'now'>,
  ): Change[] {
    const { orderId, failure } = command.data;
    if (!order) throw new UnknownOrderError(orderId, 'reject');
    if (wasConfirmed(order)) throw new TerminalOrderError(orderId, order.status, 'REJECTED');
    if (!isBeingPlaced(order)) {
      return [reply(command, OrderRejected, { orderId, failure: firstFailureOf(order, failure) })];
    }
    const cancellation = cancellationOf(order);
    if (!cancellation) return told(command, update(Order, order, rejectedFor(failure)));
    const refusal = failure.code === 'cancelled_by_customer' ? null : REJECTED_MEANWHILE;
    const ended = afterCancellation(cancellation, refusal, now);
    const undone = update(
      Order,
      order,
      refusal ? { ...rejectedFor(failure), ...ended } : { status: 'CANCELLED', ...ended },
    );
    return [...told(command, undone), tellCancellation(order, cancellation, refusal, undone)];
  }
}

const told = (command: Message<typeof RejectOrder>, ended: RowChange<Order>): Change[] => [
  ended,
  reply(command, OrderRejected, command.data, { of: ended }),
  afterCommit(OrderEnded, ended),
];

const rejectedFor = ({ code, message }: Failure) =>
  ({ status: 'REJECTED', failureCode: code, failureMessage: message }) as const;

const firstFailureOf = ({ status, failureCode, failureMessage }: Order, { code, message }: Failure): Failure =>
  status === 'CANCELLED'
    ? { code: 'cancelled_by_customer', message }
    : { code: failureCode ?? code, message: failureMessage ?? message };
