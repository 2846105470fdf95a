import { CreateShipment, PaymentCharged } from '@backstep/contracts';
import { tooNew, type Evidence } from '../evidence.js';
import { lookAt, named, type Finding, type Invariant } from '../violation.js';

/** A payment in one of these was charged, whatever became of it later. */
const WAS_CHARGED: ReadonlySet<string> = new Set(['CHARGED', 'REFUND_REQUESTED', 'REFUNDED']);

/**
 * I8: no shipment before its charge.
 *
 * By causes, not by clocks, of which each service has its own: what is shipped was charged, and the command to ship was
 * caused by PaymentCharged. (Asked again by a timer, it has no cause.)
 */
export const noShipmentBeforeItsCharge: Invariant = {
  id: 'I8',
  title: 'nothing is shipped before it is charged',
  *check(evidence) {
    yield* shippedUncharged(evidence);
    yield* askedUncharged(evidence);
  },
};

function* shippedUncharged(evidence: Evidence): Generator<Finding> {
  for (const { orderId, status } of evidence.shipments.values()) {
    const payment = evidence.payments.get(orderId);
    if (status !== 'CREATED' || tooNew(evidence, orderId)) continue;
    if (payment && WAS_CHARGED.has(payment.status)) continue;
    yield {
      what: `order ${orderId} is shipped, and its payment is ${payment?.status ?? 'not there'}`,
      orderId,
      remedy: `Call the shipment back or charge the order; see how it came: ${lookAt(orderId)}.`,
    };
  }
}

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
        remedy: 'See the definition of its saga: the step that charges must come before the pivot.',
      };
    }
  }
}
