import { OrderRevisionRequested } from '@backstep/contracts';
import type { OrderView } from '@backstep/contracts/http';
import { idempotent } from '@backstep/idempotency';
import { PROBLEMS, ProblemError } from '@backstep/problems';
import {
  emit,
  insert,
  many,
  one,
  update,
  type Change,
  type DecideContext,
  type EditHandler,
  type EditRequest,
  type LoadedNeeds,
  type RowChange,
} from '@backstep/unit-of-work';
import { HandOver } from '../hand-over/hand-over.entity.js';
import { OrderRevision } from '../order-revision/order-revision.entity.js';
import {
  changesNothing,
  mergeStaleRevisions,
  revise,
  type OrderEdit,
  type Revised,
} from '../order-revision/order-revision.rules.js';
import { orderRevisionView } from '../order-revision/order-revision.view.js';
import { refuseUnrevisable } from '../order-revision/revisable.js';
import { Order } from '../order/order.entity.js';
import { orderView } from '../order/order.view.js';
import { ProductPrice } from '../product-price/product-price.entity.js';

/** A revision that a customer requests, with the id that it gets if there is anything to do. */
export interface ReviseOrder extends EditRequest<OrderEdit> {
  readonly id: string;
  readonly revisionId: string;
  readonly traceparent: string | undefined;
}

/** The order as it is now: REVISING, or unchanged where nothing was left to do. */
export interface ReviseOrderAnswer {
  readonly outcome: 'requested' | 'unchanged';
  readonly order: OrderView;
}

const needs = ({ id, revisionId, edit: { lines = [] } }: ReviseOrder) => ({
  order: one(Order, id),
  handOver: one(HandOver, id),
  revision: one(OrderRevision, revisionId),
  prices: many(
    ProductPrice,
    lines.filter(({ op }) => op === 'addLine').map(({ sku }) => sku),
  ),
});
type Needs = ReturnType<typeof needs>;

/**
 * Asks for a revision of a confirmed order. Nobody else changes the order until its saga has ended. The operations are applied, and logged,
 * when everybody has agreed (`ApplyRevisionHandler`): a revision that is rejected disturbs no later one.
 */
export class ReviseOrderHandler implements EditHandler<ReviseOrder, ReviseOrderAnswer, Needs> {
  readonly needs = needs;
  readonly edits = 'order';
  readonly onStale = mergeStaleRevisions;
  readonly current = ({ order }: LoadedNeeds<Needs>): unknown => order && orderView(order);

  decide(
    request: ReviseOrder,
    { order, handOver, prices }: LoadedNeeds<Needs>,
    { now }: DecideContext,
  ): { answer: ReviseOrderAnswer; changes: Change[] } {
    const { id, revisionId, edit, traceparent } = request;
    if (!order) throw new ProblemError(PROBLEMS.notFound, { detail: `There is no order ${id}.` });
    refuseUnrevisable(order, handOver);
    const revised = revise(order, edit, prices);
    if (changesNothing(order, revised))
      return { answer: { outcome: 'unchanged', order: orderView(order) }, changes: [] };

    const requestedAt = new Date(now);
    const requested = insert(OrderRevision, {
      id: revisionId,
      orderId: order.id,
      status: 'REQUESTED',
      operations: edit.lines ?? [],
      ...revised,
      failureCode: null,
      failureMessage: null,
      requestedAt,
      traceparent: traceparent ?? null,
    });
    const revising = update(Order, order, {
      status: 'REVISING',
      change: { kind: 'revise', id: revisionId, since: requestedAt.toISOString(), from: 'CONFIRMED' },
    });
    const view = orderView(
      { ...revising.row, version: order.version + 1 },
      orderRevisionView({ ...requested.row, version: 1 }),
    );
    return {
      answer: { outcome: 'requested', order: view },
      changes: [requested, revising, requestOf(order, requested.row, { of: revising, traceparent })],
    };
  }
}

/** The event that asks for a revision. Told again, it is the same message: its id is that of the revision. */
export function requestOf(
  order: Pick<Order, 'id' | 'items' | 'total' | 'currency' | 'paymentMethod'>,
  { id: revisionId, items, total, shippingAddress }: Pick<OrderRevision, 'id' | keyof Revised>,
  { of, traceparent }: { readonly of?: RowChange; readonly traceparent: string | undefined },
): Change {
  const { id: orderId, currency, paymentMethod } = order;
  const difference = total - order.total;
  const data = {
    orderId,
    revisionId,
    from: [...order.items],
    to: [...items],
    currency,
    charge: Math.max(0, difference),
    refund: Math.max(0, -difference),
    paymentMethod,
    shippingAddress,
  };
  return emit(OrderRevisionRequested, data, { id: revisionId, of, traceparent });
}

/** The same with one effect for one key. */
export const reviseOrderOnce = idempotent(new ReviseOrderHandler(), { operation: 'reviseOrder' });
