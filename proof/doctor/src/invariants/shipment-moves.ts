import { ShipmentCancelled, ShipmentDelivered, ShipmentHandedOver } from '@backstep/contracts';
import type { Evidence, MessageFacts } from '../evidence.js';
import { lookAt, named, type Finding } from '../violation.js';

/** The states of a shipment whose parcel the carrier has, or had. */
export const HAS_LEFT: readonly string[] = ['HANDED_OVER', 'DELIVERED'];

/** What a shipment may not have been told as when it is in this state. Shipments are read before Kafka, so what is newer is not judged. */
const NEVER_TOLD: Readonly<Record<string, readonly string[]>> = {
  REFUSED: [ShipmentHandedOver.name, ShipmentDelivered.name],
  CANCELLED: [ShipmentHandedOver.name, ShipmentDelivered.name],
  HANDED_OVER: [ShipmentCancelled.name],
  DELIVERED: [ShipmentCancelled.name],
};
const ONCE = [ShipmentHandedOver.name, ShipmentDelivered.name];

/** Part of I9: a parcel is handed over once and then delivered once, or its shipment is cancelled; and its events say the same. */
export function* shipmentMoves(evidence: Evidence): Generator<Finding> {
  for (const [orderId, log] of evidence.messages) {
    const status = evidence.shipments.get(orderId)?.status;
    if (status === undefined) continue;
    const wrong = log.filter(({ type }) => NEVER_TOLD[status]?.includes(type));
    if (wrong[0]) yield finding(orderId, `is ${status}, and was told as ${wrong[0].type}`, wrong);
    for (const type of ONCE) {
      const told = eachOnce(log.filter((one) => one.type === type));
      if (told.length > 1) yield finding(orderId, `was told as ${type} ${told.length} times`, told);
    }
  }
}

/** A message that was sent again has the same id, and its reader drops it. */
const eachOnce = (log: readonly MessageFacts[]): MessageFacts[] => [
  ...new Map(log.map((message) => [message.id, message])).values(),
];

const finding = (orderId: string, what: string, messages: readonly MessageFacts[]): Finding => ({
  what: `the shipment of order ${orderId} ${what}`,
  orderId,
  messages: messages.map(named),
  remedy: `See what the carrier has: ${lookAt(orderId)}; then correct the shipment and what followed from its events.`,
});
