import {
  ChargePayment,
  CreateShipment,
  PaymentCharged,
  ShipmentCreated,
  ShipmentDelivered,
  ShipmentHandedOver,
} from '@backstep/contracts';
import { tooNew, underWay, type Evidence, type PaymentFacts, type ShipmentFacts } from '../evidence.js';
import { revisionsOf } from './revisions.js';
import { HAS_LEFT } from './shipment-moves.js';
import { lookAt, named, told, type Finding, type Invariant } from '../violation.js';

/** A payment in one of these states was charged, whatever happened later. */
const WAS_CHARGED: ReadonlySet<string> = new Set(['CHARGED', 'REFUND_REQUESTED', 'REFUNDED']);
/** Of a shipment that the carrier has taken on, whether it has the parcel or not. */
const SHIPPING: ReadonlySet<string> = new Set(['CREATED', ...HAS_LEFT]);
export const isShipping = (status: string): boolean => SHIPPING.has(status);

/** While a further charge runs, its state is CHARGE_REQUESTED again. */
export const wasCharged = ({ status, isOrdinary }: PaymentFacts): boolean => WAS_CHARGED.has(status) || !isOrdinary;

const MESSAGES = [ChargePayment.name, PaymentCharged.name, CreateShipment.name, ShipmentCreated.name];

/**
 * I8: no shipment before its charge.
 *
 * Judged by causes, since each service has its own clock: a shipped order was charged, and its CreateShipment was caused by PaymentCharged.
 * (A CreateShipment that a timer or an operator sends again has no cause.) A shipment of a rejected or unknown order is I6's. Nor do goods leave
 * the stock whose shipment is not handed over; that is judged at rest alone, since the stock is read after the shipments.
 */
export const noShipmentBeforeItsCharge: Invariant = {
  id: 'I8',
  title: 'nothing is shipped before it is charged',
  *check(evidence) {
    for (const shipment of evidence.shipments.values()) {
      if (isShippedUncharged(evidence, shipment)) yield shippedUncharged(evidence, shipment.orderId);
    }
    yield* askedUncharged(evidence);
    if (evidence.atRest) yield* leftWithoutShipment(evidence);
  },
};

/** Shipments are read before payments: a charge that came first is there. */
export function isShippedUncharged(evidence: Evidence, { orderId, status }: ShipmentFacts): boolean {
  const isWanted = evidence.orders.get(orderId)?.status === 'CONFIRMED' || underWay(evidence, orderId);
  if (!isShipping(status) || !isWanted || tooNew(evidence, orderId)) return false;
  const payment = evidence.payments.get(orderId);
  // The difference of a revision is charged while the parcel waits; an order that can be revised was charged before.
  return !(payment && wasCharged(payment)) && revisionsOf(evidence, orderId).length === 0;
}

const shippedUncharged = (evidence: Evidence, orderId: string): Finding => ({
  what: `order ${orderId} is shipped, and its payment is ${evidence.payments.get(orderId)?.status ?? 'not there'}`,
  orderId,
  messages: told(evidence, orderId, MESSAGES),
  remedy: `Call the shipment back or charge the order; see how it came: ${lookAt(orderId)}.`,
});

function* askedUncharged({ messages }: Evidence): Generator<Finding> {
  for (const [orderId, log] of messages) {
    const asked = log.filter(({ type }) => type === CreateShipment.name);
    for (const command of asked) {
      const cause = log.find(({ id }) => id === command.causationId);
      if (!cause || cause.type === PaymentCharged.name) continue;
      yield {
        what: `the shipment of order ${orderId} was asked for because of ${cause.type}, not of ${PaymentCharged.name}`,
        orderId,
        sagaId: command.sagaId,
        messages: [named(cause), named(command)],
        remedy: `See the steps of its saga, \`npx backstep events ${orderId}\`: the one that charges must come before the pivot.`,
      };
    }
  }
}

function* leftWithoutShipment(evidence: Evidence): Generator<Finding> {
  for (const { orderId, status } of evidence.reservations.values()) {
    const shipment = evidence.shipments.get(orderId)?.status ?? 'not there';
    if (status !== 'SHIPPED' || HAS_LEFT.includes(shipment)) continue;
    yield {
      what: `the goods of order ${orderId} have left the stock, and its shipment is ${shipment}`,
      orderId,
      messages: told(evidence, orderId, [ShipmentHandedOver.name, ShipmentDelivered.name]),
      remedy: `See who told that they are handed over: ${lookAt(orderId)}.`,
    };
  }
}
