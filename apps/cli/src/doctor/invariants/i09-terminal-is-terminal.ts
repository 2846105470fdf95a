import { OrderConfirmed, OrderRejected } from '@backstep/contracts';
import { underWay, type Evidence, type MessageFacts, type OrderFacts } from '../evidence.js';
import { lookAt, named, type Finding, type Invariant } from '../violation.js';

/** What the order service tells when an order gets this status. */
const TOLD_AS: Readonly<Record<string, string>> = { CONFIRMED: OrderConfirmed.name, REJECTED: OrderRejected.name };
const ENDINGS: ReadonlySet<string> = new Set(Object.values(TOLD_AS));

/** How a saga of place-order may have ended when its order has this status. */
const SAGA_MAY_NOT_BE: Readonly<Record<string, readonly string[]>> = {
  CONFIRMED: ['COMPENSATING', 'COMPENSATED'],
  REJECTED: ['COMPLETED'],
};

/**
 * I9: only legal transitions; terminal is terminal. An order ended one way, its events say the same way, and so does its saga.
 */
export const terminalIsTerminal: Invariant = {
  id: 'I9',
  title: 'an order ends once, and its events and its saga tell the same end',
  *check(evidence) {
    for (const order of evidence.orders.values()) {
      if (underWay(evidence, order.id)) {
        if (evidence.atRest) yield* toldTooEarly(evidence, order);
        continue;
      }
      yield* toldOtherwise(evidence, order);
      yield* sagaOtherwise(evidence, order);
    }
  },
};

const endingsOf = ({ messages }: Evidence, orderId: string): readonly MessageFacts[] =>
  (messages.get(orderId) ?? []).filter(({ type }) => ENDINGS.has(type));

function* toldOtherwise(evidence: Evidence, { id: orderId, status }: OrderFacts): Generator<Finding> {
  const told = TOLD_AS[status];
  // What came to an end in two steps (a cancelled order was confirmed before) is not judged by its first.
  if (told === undefined) return;
  const others = endingsOf(evidence, orderId).filter(({ type }) => type !== told);
  if (others.length === 0) return;
  yield {
    what: `order ${orderId} is ${status}, and was told as ${others[0]?.type}`,
    orderId,
    messages: others.map(named),
    remedy: `Whoever read that event believes it: ${lookAt(orderId)}.`,
  };
}

function* toldTooEarly(evidence: Evidence, { id: orderId, status }: OrderFacts): Generator<Finding> {
  const endings = endingsOf(evidence, orderId);
  if (endings.length === 0) return;
  yield {
    what: `order ${orderId} was told as ${endings[0]?.type}, and is ${status}`,
    orderId,
    messages: endings.map(named),
    remedy: `A terminal order was changed, or told before it was one: ${lookAt(orderId)}.`,
  };
}

function* sagaOtherwise({ sagas }: Evidence, { id: orderId, status }: OrderFacts): Generator<Finding> {
  for (const saga of sagas.get(orderId) ?? []) {
    if (saga.type !== 'place-order' || !SAGA_MAY_NOT_BE[status]?.includes(saga.status)) continue;
    yield {
      what: `order ${orderId} is ${status}, and its saga ${saga.id} is ${saga.status}`,
      orderId,
      sagaId: saga.id,
      remedy: `See where they parted: ${lookAt(orderId)}.`,
    };
  }
}
