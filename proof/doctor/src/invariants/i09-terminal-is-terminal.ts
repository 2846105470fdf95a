import { OrderConfirmed, OrderRejected } from '@backstep/contracts';
import { underWay, type Evidence, type MessageFacts, type OrderFacts, type SagaFacts } from '../evidence.js';
import { lookAt, named, told, type Finding, type Invariant } from '../violation.js';
import { shipmentMoves } from './shipment-moves.js';

/** The event that the order service sends when an order gets this status. */
const TOLD_AS: Readonly<Record<string, string>> = { CONFIRMED: OrderConfirmed.name, REJECTED: OrderRejected.name };
const ENDINGS = Object.values(TOLD_AS);

/** The states that a place-order saga must not have when its order has this status. */
const SAGA_MAY_NOT_BE: Readonly<Record<string, readonly string[]>> = {
  CONFIRMED: ['COMPENSATING', 'COMPENSATED'],
  REJECTED: ['COMPLETED'],
};

/** Two hosts' clocks differ by less. */
const CLOCK_SKEW_MS = 1_000;

/** I9: only legal transitions; terminal is terminal. An order ended one way, its events say the same way, and so does its saga; so did its parcel. */
export const terminalIsTerminal: Invariant = {
  id: 'I9',
  title: 'an order ends once, and its events and its saga tell the same end',
  *check(evidence) {
    for (const order of evidence.orders.values()) {
      const finding = underWay(evidence, order.id) ? toldTooEarly(evidence, order) : toldOtherwise(evidence, order);
      if (finding) yield finding;
      for (const saga of evidence.sagas.get(order.id) ?? []) {
        if (endedOtherwise(evidence, saga)) yield sagaOtherwise(evidence, order, saga);
      }
    }
    yield* shipmentMoves(evidence);
  },
};

const endingsOf = ({ messages }: Evidence, orderId: string): readonly MessageFacts[] =>
  (messages.get(orderId) ?? []).filter(({ type }) => ENDINGS.includes(type));

function toldOtherwise(evidence: Evidence, { id: orderId, status }: OrderFacts): Finding | undefined {
  const as = TOLD_AS[status];
  // An order that ended in two steps (confirmed, then cancelled) is not judged by the first one.
  const others = as === undefined ? [] : endingsOf(evidence, orderId).filter(({ type }) => type !== as);
  if (others.length === 0) return undefined;
  return {
    what: `order ${orderId} is ${status}, and was told as ${others[0]?.type}`,
    orderId,
    messages: others.map(named),
    remedy: `Whoever read that event believes it: ${lookAt(orderId)}.`,
  };
}

/** Orders are read before Kafka, so an end that is announced meanwhile is newer. */
export function toldTooEarly(evidence: Evidence, { id: orderId, status }: OrderFacts): Finding | undefined {
  if (!underWay(evidence, orderId)) return undefined;
  const endings = endingsOf(evidence, orderId).filter(({ sentAt }) => sentAt < evidence.takenAt - CLOCK_SKEW_MS);
  if (endings.length === 0) return undefined;
  return {
    what: `order ${orderId} was told as ${endings[0]?.type}, and is ${status}`,
    orderId,
    messages: endings.map(named),
    remedy: `A terminal order was changed, or told before it was one: ${lookAt(orderId)}.`,
  };
}

/** Sagas are read before orders and end after them, so neither can look ahead of the other because of the time of reading. */
export const endedOtherwise = ({ orders }: Evidence, { type, orderId, status }: SagaFacts): boolean =>
  type === 'place-order' && (SAGA_MAY_NOT_BE[orders.get(orderId)?.status ?? '']?.includes(status) ?? false);

const sagaOtherwise = (evidence: Evidence, { id: orderId, status }: OrderFacts, saga: SagaFacts): Finding => ({
  what: `order ${orderId} is ${status}, and its saga ${saga.id} is ${saga.status}`,
  orderId,
  sagaId: saga.id,
  messages: told(evidence, orderId, ENDINGS),
  remedy: `See where they parted: \`npx backstep saga ${saga.id}\`.`,
});
