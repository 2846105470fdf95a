import type { Evidence, IdempotencyKeyFacts } from '../evidence.js';
import { lookAt, type Finding, type Invariant } from '../violation.js';

/**
 * I1: every request that was answered 202 has its order, one per idempotency key; no order without a request.
 *
 * Keys are forgotten after some days, oldest first: an order older than the oldest key that is left cannot be asked for its own.
 */
export const oneOrderPerRequest: Invariant = {
  id: 'I1',
  title: 'every accepted request has its order, and every order its request',
  *check(evidence) {
    yield* answersWithoutOrder(evidence);
    yield* sharedOrders(evidence);
    yield* ordersWithoutRequest(evidence);
  },
};

function* answersWithoutOrder({ orders, idempotencyKeys }: Evidence): Generator<Finding> {
  for (const { key, orderId, total } of idempotencyKeys) {
    const order = orders.get(orderId);
    if (!order) {
      yield {
        what: `the request with key ${key} was answered with order ${orderId}, and there is no such order`,
        orderId,
        remedy:
          'Restore the order from the answer, table idempotency_key of backstep_order: the customer was promised it.',
      };
    } else if (order.total !== total) {
      yield {
        what: `order ${orderId} was answered with a total of ${total} and has ${order.total}`,
        orderId,
        remedy: `Find out who changed it: ${lookAt(orderId)}.`,
      };
    }
  }
}

function* sharedOrders({ idempotencyKeys }: Evidence): Generator<Finding> {
  const byOrder = new Map<string, IdempotencyKeyFacts>();
  for (const answer of idempotencyKeys) {
    const { orderId, key } = answer;
    const other = byOrder.get(orderId);
    if (other) {
      yield {
        what: `two requests, with the keys ${other.key} and ${key}, were answered with the same order ${orderId}`,
        orderId,
        remedy: 'One of the customers has no order: compare the two rows of idempotency_key in backstep_order.',
      };
    }
    byOrder.set(orderId, answer);
  }
}

function* ordersWithoutRequest({ orders, idempotencyKeys }: Evidence): Generator<Finding> {
  const oldest = idempotencyKeys.reduce((time, { createdAt }) => Math.min(time, createdAt), Infinity);
  const asked = new Set(idempotencyKeys.map(({ orderId }) => orderId));
  for (const { id, createdAt } of orders.values()) {
    if (createdAt < oldest || asked.has(id)) continue;
    yield {
      what: `nobody asked for order ${id}: it has no idempotency key`,
      orderId: id,
      remedy: `Find out where it comes from: ${lookAt(id)}; the two are written in one statement.`,
    };
  }
}
