import { tooNew, underWay, type Evidence, type Line } from '../evidence.js';
import { lookAt, type Finding, type Invariant } from '../violation.js';

/**
 * I6: no reservation, charge or shipment without a live or confirmed order; and a confirmed order has all three, of what was ordered.
 */
export const nothingWithoutItsOrder: Invariant = {
  id: 'I6',
  title: 'no reservation, charge or shipment without its order, no confirmed order without them',
  *check(evidence) {
    yield* leftOver(evidence);
    yield* missing(evidence);
  },
};

function* leftOver(evidence: Evidence): Generator<Finding> {
  for (const { orderId, status } of evidence.reservations.values()) {
    if (status === 'HELD') yield* unlessWanted(evidence, orderId, 'holds stock', 'release its reservation');
  }
  for (const [id, payments] of evidence.provider) {
    const kept = payments.some(({ captured, refunded }) => captured > refunded);
    const references = payments.map(({ reference }) => reference);
    if (kept) yield* unlessWanted(evidence, id, 'is charged', 'refund it at the provider', references);
  }
  for (const { orderId, status } of evidence.shipments.values()) {
    if (status === 'CREATED') yield* unlessWanted(evidence, orderId, 'is shipped', 'call the shipment back');
  }
}

function* unlessWanted(
  evidence: Evidence,
  orderId: string,
  does: string,
  undo: string,
  references?: readonly string[],
): Generator<Finding> {
  const order = evidence.orders.get(orderId);
  if (order?.status === 'CONFIRMED' || underWay(evidence, orderId) || tooNew(evidence, orderId)) return;
  yield {
    what: order
      ? `order ${orderId} is ${order.status} and ${does}`
      : `order ${orderId} ${does}, and there is no such order`,
    orderId,
    ...(references && { references }),
    remedy: `See why it was not undone: ${lookAt(orderId)}; then ${undo}.`,
  };
}

function* missing({ orders, reservations, shipments, payments }: Evidence): Generator<Finding> {
  for (const { id: orderId, status, items, total } of orders.values()) {
    if (status !== 'CONFIRMED') continue;
    const reservation = reservations.get(orderId);
    const shipment = shipments.get(orderId);
    const payment = payments.get(orderId);
    const lacks = [
      ...(reservation?.status === 'HELD' && sameLines(reservation.items, items) ? [] : ['reservation']),
      ...(payment?.status === 'CHARGED' && payment.amount === total ? [] : ['charge']),
      ...(shipment?.status === 'CREATED' && sameLines(shipment.items, items) ? [] : ['shipment']),
    ];
    if (lacks.length === 0) continue;
    yield {
      what: `order ${orderId} is CONFIRMED without its ${lacks.join(' and ')} of what was ordered`,
      orderId,
      remedy: `See which step did not happen: ${lookAt(orderId)}.`,
    };
  }
}

/** An order may name a SKU on several lines, in any order. */
function sameLines(a: readonly Line[], b: readonly Line[]): boolean {
  const left = new Map<string, number>();
  for (const { sku, quantity } of a) left.set(sku, (left.get(sku) ?? 0) + quantity);
  for (const { sku, quantity } of b) left.set(sku, (left.get(sku) ?? 0) - quantity);
  return [...left.values()].every((difference) => difference === 0);
}
