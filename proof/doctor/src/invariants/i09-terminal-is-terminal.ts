import { OrderCancelled, OrderConfirmed, OrderRejected } from '@backstep/contracts';
import { underWay, type Evidence, type MessageFacts, type OrderFacts, type SagaFacts } from '../evidence.js';
import { revisionsEnd } from './revisions.js';
import { lookAt, named, told, type Finding, type Invariant } from '../violation.js';
import { shipmentMoves } from './shipment-moves.js';
import { sagaIdOfChange } from './sagas-of-a-change.js';

const ENDINGS: readonly string[] = [OrderConfirmed.name, OrderRejected.name, OrderCancelled.name];

/** The ends that may have been told of an order. One that was withdrawn from place-order is told as rejected to its saga, too. */
function legalEndings({ status, change, cancellation }: OrderFacts): readonly string[] {
  switch (status) {
    case 'CONFIRMED':
      return [OrderConfirmed.name];
    case 'REJECTED':
      return [OrderRejected.name];
    case 'CANCELLED':
      return [OrderCancelled.name, cancellation?.from === 'CONFIRMED' ? OrderConfirmed.name : OrderRejected.name];
    default:
      return change?.from === 'CONFIRMED' ? [OrderConfirmed.name] : [];
  }
}

/** Whether place-order has confirmed the order; undefined: it has not ended. */
function wasConfirmed({ status, change, cancellation }: OrderFacts): boolean | undefined {
  if (status === 'CONFIRMED' || status === 'REJECTED') return status === 'CONFIRMED';
  if (status === 'CANCELLED') return cancellation?.from === 'CONFIRMED';
  return change?.from === 'CONFIRMED' ? true : undefined;
}

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
    yield* revisionsEnd(evidence);
  },
};

const endingsOf = ({ messages }: Evidence, orderId: string): readonly MessageFacts[] =>
  (messages.get(orderId) ?? []).filter(({ type }) => ENDINGS.includes(type));

function toldOtherwise(evidence: Evidence, order: OrderFacts): Finding | undefined {
  const { id: orderId, status } = order;
  const legal = legalEndings(order);
  const others = endingsOf(evidence, orderId).filter(({ type }) => !legal.includes(type));
  if (others.length === 0) return undefined;
  return {
    what: `order ${orderId} is ${status}, and was told as ${others[0]?.type}`,
    orderId,
    messages: others.map(named),
    remedy: `Whoever read that event believes it: ${lookAt(orderId)}.`,
  };
}

/** Orders are read before Kafka, so an end that is announced meanwhile is newer. */
export function toldTooEarly(evidence: Evidence, order: OrderFacts): Finding | undefined {
  const { id: orderId, status } = order;
  if (!underWay(evidence, orderId)) return undefined;
  const legal = legalEndings(order);
  const endings = endingsOf(evidence, orderId).filter(
    ({ type, sentAt }) => !legal.includes(type) && sentAt < evidence.takenAt - CLOCK_SKEW_MS,
  );
  if (endings.length === 0) return undefined;
  return {
    what: `order ${orderId} was told as ${endings[0]?.type}, and is ${status}`,
    orderId,
    messages: endings.map(named),
    remedy: `A terminal order was changed, or told before it was one: ${lookAt(orderId)}.`,
  };
}

/** Sagas are read before orders and end after them, so neither can look ahead of the other because of the time of reading. */
export function endedOtherwise({ orders }: Evidence, { id, type, orderId, status }: SagaFacts): boolean {
  const order = orders.get(orderId);
  if (!order) return false;
  const cameBack = status === 'COMPENSATING' || status === 'COMPENSATED';
  switch (type) {
    case 'place-order': {
      const confirmed = wasConfirmed(order);
      return confirmed === undefined ? false : confirmed ? cameBack : status === 'COMPLETED';
    }
    case 'cancel-order':
      return status === 'COMPLETED'
        ? order.status !== 'CANCELLED'
        : cameBack &&
            order.status === 'CANCELLED' &&
            sagaIdOfChange('cancel', orderId, order.cancellation?.id ?? '') === id;
    default:
      return false;
  }
}

const sagaOtherwise = (evidence: Evidence, { id: orderId, status }: OrderFacts, saga: SagaFacts): Finding => ({
  what: `order ${orderId} is ${status}, and its saga ${saga.id} is ${saga.status}`,
  orderId,
  sagaId: saga.id,
  messages: told(evidence, orderId, ENDINGS),
  remedy: `See where they parted: \`npx backstep saga ${saga.id}\`.`,
});
