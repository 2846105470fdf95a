import type { Evidence, OrderFacts, SagaFacts } from '../evidence.js';
import { tooNew, underWay } from '../evidence.js';
import { lookAt, type Finding, type Invariant } from '../violation.js';

/** The order service announces an order again when it is pending for a minute; by then its saga must have begun. */
const TAKEN_UP_WITHIN_MS = 90_000;

const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'COMPENSATED', 'ABANDONED']);

/**
 * I2: after healing every order is terminal; what is parked is counted.
 *
 * An order on its way is no violation, and neither is one whose saga waits for an operator (both are counted and listed).
 * One that nothing will ever move again is: no saga, an ended saga, or a saga that nothing wakes.
 */
export const everyOrderEnds: Invariant = {
  id: 'I2',
  title: 'every order has ended, or something is still moving it',
  *check(evidence) {
    for (const order of evidence.orders.values()) {
      if (!underWay(evidence, order.id) || tooNew(evidence, order.id)) continue;
      const finding = stranded(evidence, order);
      if (finding) yield finding;
    }
    yield* sagasWithoutOrder(evidence);
  },
};

function stranded({ sagas, takenAt }: Evidence, { id: orderId, status, createdAt }: OrderFacts): Finding | undefined {
  const own = sagas.get(orderId) ?? [];
  const live = own.find((saga) => !ENDED.has(saga.status));
  if (live) return sleeping(live);
  const [ended] = own;
  if (ended) {
    return {
      what: `order ${orderId} is ${status}, and its saga ended as ${ended.status}`,
      orderId,
      sagaId: ended.id,
      remedy: `Compare the two: ${lookAt(orderId)}; then end the order by hand.`,
    };
  }
  if (takenAt - createdAt < TAKEN_UP_WITHIN_MS) return undefined;
  return {
    what: `order ${orderId} has been ${status} for ${Math.round((takenAt - createdAt) / 1_000)} s, and no saga has taken it up`,
    orderId,
    remedy:
      'See whether the order service announces it again (its log) and the orchestrator reads order.events (its /health/ready).',
  };
}

/** A STUCK saga waits for an operator; any other live one must have a timer. */
function sleeping({ id: sagaId, orderId, status, wakesAt, awaiting }: SagaFacts): Finding | undefined {
  if (status === 'STUCK' || wakesAt !== undefined) return undefined;
  return {
    what: `saga ${sagaId} of order ${orderId} is ${status}, waits for ${awaiting?.step ?? 'nothing'}, and has no timer: if no answer comes, nothing wakes it`,
    orderId,
    sagaId,
    remedy:
      'Its row and its timer are written in one statement: find out who deleted from saga_timer of backstep_orchestrator.',
  };
}

function* sagasWithoutOrder(evidence: Evidence): Generator<Finding> {
  for (const saga of [...evidence.sagas.values()].flat()) {
    const { id: sagaId, orderId, status } = saga;
    if (ENDED.has(status) || evidence.orders.has(orderId) || tooNew(evidence, orderId)) continue;
    yield {
      what: `saga ${sagaId} is ${status} for order ${orderId}, and there is no such order`,
      orderId,
      sagaId,
      remedy: `Find out who sent its OrderPlaced: \`npx backstep saga ${sagaId}\`.`,
    };
  }
}
