import { OrderCancellationRequested, OrderWithdrawalRequested } from '@backstep/contracts';
import type { OrderView } from '@backstep/contracts/http';
import { idempotent } from '@backstep/idempotency';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import {
  askUser,
  emit,
  one,
  update,
  whenThere,
  type Change,
  type DecideContext,
  type EditHandler,
  type EditRequest,
  type LoadedNeeds,
  type RowChange,
} from '@backstep/unit-of-work';
import { HandOver } from '../hand-over/hand-over.entity.js';
import { refuseHandedOver } from '../hand-over/refuse-handed-over.js';
import { cancelling } from '../order/cancellation.rules.js';
import { changeableStatusOf } from '../order/changeable.js';
import { Order } from '../order/order.entity.js';
import { orderView } from '../order/order.view.js';

/** A request to cancel an order. */
export interface RequestCancellation extends EditRequest<object> {
  readonly orderId: string;
  /** The id that the cancellation gets if it is accepted. */
  readonly cancellationId: string;
  readonly traceparent: string | undefined;
}

const needs = ({ orderId }: RequestCancellation) => ({
  order: one(Order, orderId),
  handOver: one(HandOver, orderId),
});
type State = LoadedNeeds<ReturnType<typeof needs>>;

/**
 * Accepts the cancellation of an order, which holds the order until a saga has answered. The order's status says which saga: one that is being
 * placed is withdrawn from place-order, a confirmed one is undone by cancel-order.
 */
export class RequestCancellationHandler implements EditHandler<
  RequestCancellation,
  OrderView,
  ReturnType<typeof needs>
> {
  readonly needs = needs;
  readonly edits = 'order';
  readonly onStale = whenThere(askUser());
  readonly current = ({ order }: State): unknown => order && orderView(order);

  decide(
    { orderId, cancellationId, traceparent }: RequestCancellation,
    { order, handOver }: State,
    { now }: DecideContext,
  ): { answer: OrderView; changes: Change[] } {
    if (!order) throw new ProblemError(PROBLEMS.notFound, { detail: `There is no order ${orderId}.` });
    const status = changeableStatusOf(order);
    refuseHandedOver(order, handOver);
    const held = update(Order, order, cancelling(status, cancellationId, now));
    return {
      answer: orderView({ ...held.row, version: order.version + 1 }),
      changes: [held, requestOf(held.row, cancellationId, traceparent, held)],
    };
  }
}

/** The event that asks for the cancellation that holds the order. Told again, it is the same message: its id is that of the cancellation. */
export function requestOf(
  { id: orderId, change, items }: Pick<Order, 'id' | 'change' | 'items'>,
  cancellationId: string,
  traceparent: string | undefined,
  of?: RowChange,
): Change {
  const options = { id: cancellationId, traceparent, ...(of && { of }) };
  if (change?.from === 'PENDING') return emit(OrderWithdrawalRequested, { orderId, cancellationId }, options);
  const lines = items.map(({ sku, quantity }) => ({ sku, quantity }));
  return emit(OrderCancellationRequested, { orderId, cancellationId, items: lines }, options);
}

/** The same with one effect for one key, where the client sends one. */
export const requestCancellationOnce = idempotent(new RequestCancellationHandler(), { operation: 'cancelOrder' });
