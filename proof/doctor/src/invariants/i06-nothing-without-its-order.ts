import * as contracts from '@backstep/contracts';
import { tooNew, underWay, type Evidence, type OrderFacts, type PaymentFacts } from '../evidence.js';
import { revisionsOf, sameLines } from './revisions.js';
import { lookAt, told, type Finding, type Invariant } from '../violation.js';
import { isShipping, isShippedUncharged, wasCharged } from './i08-no-shipment-before-its-charge.js';

const { ReserveStock, StockReserved, ReleaseStock, StockReleased } = contracts;
const STOCK_MESSAGES = [ReserveStock, StockReserved, ReleaseStock, StockReleased].map(({ name }) => name);
const { ChargePayment, PaymentCharged, CreateShipment, ShipmentCreated } = contracts;
const CHARGE_MESSAGES = [ChargePayment, PaymentCharged].map(({ name }) => name);
const SHIPMENT_MESSAGES = [CreateShipment, ShipmentCreated].map(({ name }) => name);

/**
 * I6: no reservation, charge or shipment without a live or confirmed order; and a confirmed order has all three, of what was ordered.
 *
 * What is charged for an order that was rejected is I3's, and a shipment that was not charged I8's.
 */
export const nothingWithoutItsOrder: Invariant = {
  id: 'I6',
  title: 'no reservation, charge or shipment without its order, no confirmed order without them',
  *check(evidence) {
    for (const { orderId, status } of evidence.reservations.values()) {
      if (isPromised(status) && isUnwanted(evidence, orderId)) yield leftOver(evidence, orderId, STOCK);
    }
    for (const [id, payments] of evidence.provider ?? []) {
      const references = payments.map(({ reference }) => reference);
      if (chargedWithoutOrder(evidence, id)) yield { ...leftOver(evidence, id, CHARGE), references };
    }
    for (const { orderId, status } of evidence.shipments.values()) {
      if (isShipping(status) && isUnwanted(evidence, orderId)) yield leftOver(evidence, orderId, SHIPMENT);
    }
    for (const order of evidence.orders.values()) {
      const lacks = order.status === 'CONFIRMED' ? lacking(evidence, order) : [];
      if (lacks.length > 0) yield incomplete(evidence, order.id, lacks);
    }
  },
};

/** Whether the goods of a reservation are the order's: in the house, or out of it with the carrier. */
const isPromised = (status: string): boolean => status === 'HELD' || status === 'SHIPPED';

const isUnwanted = (evidence: Evidence, orderId: string): boolean =>
  evidence.orders.get(orderId)?.status !== 'CONFIRMED' && !underWay(evidence, orderId) && !tooNew(evidence, orderId);

/** The provider holds money for which there is neither an order nor an intent that stands for itself. */
export const chargedWithoutOrder = (evidence: Evidence, id: string): boolean =>
  !evidence.orders.has(id) &&
  evidence.payments.get(id)?.forOrder !== false &&
  !tooNew(evidence, id) &&
  (evidence.provider?.get(id) ?? []).some(({ captured, refunded }) => captured > refunded);

interface Kind {
  readonly noun: string;
  readonly does: string;
  readonly undo: string;
  readonly types: readonly string[];
}
const STOCK: Kind = {
  noun: 'reservation',
  does: 'holds stock',
  undo: 'release its reservation (reservation and stock of backstep_inventory, together)',
  types: STOCK_MESSAGES,
};
const CHARGE: Kind = { noun: 'charge', does: 'is charged', undo: 'refund it at the provider', types: CHARGE_MESSAGES };
const SHIPMENT: Kind = {
  noun: 'shipment',
  does: 'is shipped',
  undo: 'call the shipment back',
  types: SHIPMENT_MESSAGES,
};

function leftOver(evidence: Evidence, orderId: string, { does, undo, types }: Kind): Finding {
  const order = evidence.orders.get(orderId);
  return {
    what: order
      ? `order ${orderId} is ${order.status} and ${does}`
      : `order ${orderId} ${does}, and there is no such order`,
    orderId,
    messages: told(evidence, orderId, types),
    remedy: `See why it was not undone: ${lookAt(orderId)}; then ${undo}.`,
  };
}

function lacking(evidence: Evidence, { id, items, total }: OrderFacts): Kind[] {
  const reservation = evidence.reservations.get(id);
  const shipment = evidence.shipments.get(id);
  const payment = evidence.payments.get(id);
  const isPaid = payment !== undefined && wasCharged(payment) && paidFor(evidence, payment) === total;
  return [
    ...(reservation && isPromised(reservation.status) && sameLines(reservation.items, items) ? [] : [STOCK]),
    ...(isPaid || (shipment && isShippedUncharged(evidence, shipment)) ? [] : [CHARGE]),
    ...(shipment && isShipping(shipment.status) && sameLines(shipment.items, items) ? [] : [SHIPMENT]),
  ];
}

/** What the payment service believes that the order has paid, minor units: what the payment's row says, or the ledger of a revised order. */
function paidFor(evidence: Evidence, { id, captured, refunded, isOrdinary }: PaymentFacts): number {
  if (!isOrdinary || revisionsOf(evidence, id).length === 0) return captured - refunded;
  const ledger = evidence.ledger.get(id) ?? { captured: 0, refunded: 0 };
  return ledger.captured - ledger.refunded;
}

const incomplete = (evidence: Evidence, orderId: string, lacks: readonly Kind[]): Finding => ({
  what: `order ${orderId} is CONFIRMED without its ${lacks.map(({ noun }) => noun).join(' and ')} of what was ordered`,
  orderId,
  messages: told(
    evidence,
    orderId,
    lacks.flatMap(({ types }) => types),
  ),
  remedy: `See which step did not happen: ${lookAt(orderId)}; then do it by hand.`,
});
