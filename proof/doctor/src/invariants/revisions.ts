import { derivedId } from '@backstep/messages';
import * as contracts from '@backstep/contracts';
import { tooNew, type Evidence, type Line, type OrderFacts, type RevisionFacts } from '../evidence.js';
import { lookAt, told, type Finding } from '../violation.js';

const { OrderRevisionRequested, OrderRevised, OrderRevisionRejected } = contracts;
const MESSAGES = [OrderRevisionRequested, OrderRevised, OrderRevisionRejected].map(({ name }) => name);

/** The states that the saga of a revision must not have when the revision has this status. Sagas are read before orders. */
const SAGA_MAY_NOT_BE: Readonly<Record<string, readonly string[]>> = {
  REQUESTED: ['COMPLETED', 'COMPENSATED'],
  APPLIED: ['COMPENSATING', 'COMPENSATED'],
  REJECTED: ['COMPLETED'],
};

export const revisionsOf = ({ revisions }: Evidence, orderId: string): readonly RevisionFacts[] =>
  revisions.get(orderId) ?? [];

/** Part of I9: a revision ends once, its saga tells the same end, and the order is as the latest applied one says. */
export function* revisionsEnd(evidence: Evidence): Generator<Finding> {
  for (const order of evidence.orders.values()) {
    if (tooNew(evidence, order.id)) continue;
    const revisions = revisionsOf(evidence, order.id);
    for (const what of wrong(order, revisions)) yield finding(evidence, order.id, what);
    for (const { id, status } of revisions) {
      const sagaId = derivedId('revise-order', order.id, id);
      const saga = evidence.sagas.get(order.id)?.find((one) => one.id === sagaId);
      if (!saga || !SAGA_MAY_NOT_BE[status]?.includes(saga.status)) continue;
      yield {
        ...finding(evidence, order.id, `revision ${id} of order ${order.id} is ${status}, and its saga ${saga.status}`),
        sagaId,
      };
    }
  }
}

function* wrong({ id, status, total, items }: OrderFacts, revisions: readonly RevisionFacts[]): Generator<string> {
  const asked = revisions.filter((revision) => revision.status === 'REQUESTED');
  const applied = revisions.findLast((revision) => revision.status === 'APPLIED');
  if (status === 'REVISING' && asked.length === 0)
    yield `order ${id} is REVISING, and none of its revisions is requested`;
  if (status !== 'REVISING' && asked[0])
    yield `order ${id} is ${status}, and its revision ${asked[0].id} is still requested`;
  if (asked.length > 1) yield `order ${id} has ${asked.length} revisions that are requested at once`;
  if (applied && (applied.total !== total || !sameLines(applied.items, items)))
    yield `order ${id} is not as its latest applied revision ${applied.id} says`;
}

const finding = (evidence: Evidence, orderId: string, what: string): Finding => ({
  what,
  orderId,
  messages: told(evidence, orderId, MESSAGES),
  remedy: `Compare orders and order_revision of backstep_order with ${lookAt(orderId)}.`,
});

/** An order may name a SKU on several lines, in any order. */
export function sameLines(a: readonly Line[], b: readonly Line[]): boolean {
  const left = new Map<string, number>();
  for (const { sku, quantity } of a) left.set(sku, (left.get(sku) ?? 0) + quantity);
  for (const { sku, quantity } of b) left.set(sku, (left.get(sku) ?? 0) - quantity);
  return [...left.values()].every((difference) => difference === 0);
}
