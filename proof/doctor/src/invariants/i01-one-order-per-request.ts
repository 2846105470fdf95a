import { OrderPlaced } from '@backstep/contracts';
import type { Evidence, IdempotencyKeyFacts } from '../evidence.js';
import { revisionsOf } from './revisions.js';
import { lookAt, told, type Finding, type Invariant } from '../violation.js';

/** No key is deleted before this time: the least value of IDEMPOTENCY_RETAIN_DAYS. */
const KEPT_AT_LEAST_MS = 24 * 60 * 60 * 1_000;
/** Keys are deleted once a minute, some thousand at a time and in any order: of the expired ones, any may be gone. */
const FORGOTTEN_WITHIN_MS = 60 * 60 * 1_000;
const PLACED = [OrderPlaced.name];

/**
 * I1: every request that was answered 202 has its order, one per idempotency key; no order without a request.
 *
 * Keys are deleted after some days: an order about as old as the oldest key may have none.
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

function* answersWithoutOrder(evidence: Evidence): Generator<Finding> {
  const { orders, idempotencyKeys } = evidence;
  for (const { key, orderId, total } of idempotencyKeys) {
    const order = orders.get(orderId);
    if (!order) {
      yield {
        what: `the request with key ${key} was answered with order ${orderId}, and there is no such order`,
        orderId,
        messages: told(evidence, orderId, PLACED),
        remedy: `The customer was promised it: see what was said of it, \`npx backstep events ${orderId}\`, and restore it from the answer (idempotency_key of backstep_order).`,
      };
    } else if (order.total !== total && !wasRevised(evidence, orderId)) {
      yield {
        what: `order ${orderId} was answered with a total of ${total} and has ${order.total}`,
        orderId,
        messages: told(evidence, orderId, PLACED),
        remedy: `Find out who changed it: ${lookAt(orderId)}.`,
      };
    }
  }
}

/** Whether the order has another total than it was placed with. I9 compares that one with the latest revision. */
const wasRevised = (evidence: Evidence, orderId: string): boolean =>
  revisionsOf(evidence, orderId).some(({ status }) => status === 'APPLIED');

function* sharedOrders(evidence: Evidence): Generator<Finding> {
  const byOrder = new Map<string, IdempotencyKeyFacts>();
  for (const answer of evidence.idempotencyKeys) {
    const { orderId, key } = answer;
    const other = byOrder.get(orderId);
    if (other) {
      yield {
        what: `two requests, with the keys ${other.key} and ${key}, were answered with the same order ${orderId}`,
        orderId,
        messages: told(evidence, orderId, PLACED),
        remedy: `One of the customers has no order: compare the two rows of idempotency_key in backstep_order with ${lookAt(orderId)}.`,
      };
    }
    byOrder.set(orderId, answer);
  }
}

function* ordersWithoutRequest(evidence: Evidence): Generator<Finding> {
  const { orders, idempotencyKeys, takenAt } = evidence;
  const oldest = idempotencyKeys.reduce((time, { createdAt }) => Math.min(time, createdAt), Infinity);
  const keptSince = Math.min(takenAt - KEPT_AT_LEAST_MS, oldest + FORGOTTEN_WITHIN_MS);
  const asked = new Set(idempotencyKeys.map(({ orderId }) => orderId));
  for (const { id, createdAt } of orders.values()) {
    if (createdAt < keptSince || asked.has(id)) continue;
    yield {
      what: `nobody asked for order ${id}: it has no idempotency key`,
      orderId: id,
      messages: told(evidence, id, PLACED),
      remedy: `Find out where it comes from: ${lookAt(id)}; the two are written in one statement.`,
    };
  }
}
