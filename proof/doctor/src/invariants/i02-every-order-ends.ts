import {
  OrderCancellationRequested,
  OrderPlaced,
  OrderRevisionRequested,
  OrderWithdrawalRequested,
} from '@backstep/contracts';
import { tooNew, underWay, type Evidence, type OrderFacts, type SagaFacts } from '../evidence.js';
import { told, type Finding, type Invariant } from '../violation.js';
import { toldTooEarly } from './i09-terminal-is-terminal.js';
import { awaitedSagas } from './sagas-of-a-change.js';

/** The order service announces an order again when it waits for a saga for a minute; by then its saga must have begun. */
const TAKEN_UP_WITHIN_MS = 90_000;
/** Due timers are read every second, and a killed orchestrator is back or replaced within this time. */
const FIRED_WITHIN_MS = 60_000;

const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'COMPENSATED', 'ABANDONED']);
const PLACED: readonly string[] = [
  OrderPlaced.name,
  OrderWithdrawalRequested.name,
  OrderCancellationRequested.name,
  OrderRevisionRequested.name,
];

/**
 * I2: after healing every order is terminal; parked messages are counted.
 *
 * An order on its way, or one that a change holds, is no violation, and neither is one that waits for an operator: its saga is STUCK, or of a version that is not deployed,
 * or a message of it is parked (all are counted and listed). An order that nothing will ever move is a violation: it has no saga, an ended
 * saga, or a saga without a timer. An OrderPlaced that did not arrive is I10's, and an order that ended before is I9's.
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

function stranded(evidence: Evidence, order: OrderFacts): Finding | undefined {
  const { id: orderId, status, createdAt, change } = order;
  const own = awaitedSagas(evidence, order);
  const live = own.find((saga) => !ENDED.has(saga.status));
  if (live) return sleeping(evidence, live);
  const [ended] = own;
  if (ended) {
    if (toldTooEarly(evidence, order)) return undefined;
    const by = ended.givenUp ? `, given up by ${ended.givenUp.by}: ${ended.givenUp.reason}` : '';
    return {
      what: `order ${orderId} is ${status}, and its saga ended as ${ended.status}${by}`,
      orderId,
      sagaId: ended.id,
      messages: told(evidence, orderId, PLACED),
      remedy: `See what was done of it, \`npx backstep saga ${ended.id}\`; then end the order by hand (orders of backstep_order).`,
    };
  }
  const ageMs = evidence.takenAt - (change?.since ?? createdAt);
  if (ageMs < TAKEN_UP_WITHIN_MS || isWaitedFor(evidence, orderId)) return undefined;
  return {
    what: `order ${orderId} has been ${status} for ${seconds(ageMs)} s, and no saga has taken it up`,
    orderId,
    messages: told(evidence, orderId, PLACED),
    remedy: `See whether it was announced, \`npx backstep events ${orderId}\`: the order service does so every minute (its log), and the orchestrator reads order.events (its /health/ready).`,
  };
}

/** The event that asks for its saga is parked, not sent or not handled: that is reported under its own name. */
function isWaitedFor({ parked, outbox, messages, inboxes }: Evidence, orderId: string): boolean {
  const handled = inboxes.get('orchestrator');
  return (
    parked.some(({ key, state }) => key === orderId && state !== 'discarded') ||
    outbox.some(({ key }) => key === orderId) ||
    (messages.get(orderId) ?? []).some(({ id, type }) => PLACED.includes(type) && handled?.has(id) === false)
  );
}

/** A saga that waits for an operator is no violation; any other live one must have a timer, and the timer must fire. */
function sleeping(evidence: Evidence, saga: SagaFacts): Finding | undefined {
  const { id: sagaId, orderId, status, timer, awaiting, blockedBecause } = saga;
  if (status === 'STUCK' || blockedBecause !== undefined) return undefined;
  const overdueMs = timer ? evidence.takenAt - timer.dueAt : Infinity;
  if (overdueMs < FIRED_WITHIN_MS) return undefined;
  const because = timer
    ? `its timer has been due for ${seconds(overdueMs)} s and does not fire${timer.failures > 0 ? ` (tried ${timer.failures} times)` : ''}`
    : 'has no timer: if no answer comes, nothing wakes it';
  return {
    what: `saga ${sagaId} of order ${orderId} is ${status}, waits for ${awaiting?.step ?? 'nothing'}, and ${because}`,
    orderId,
    sagaId,
    messages: told(evidence, orderId, PLACED),
    remedy: timer
      ? `See the orchestrator's log for "a saga timer could not be fired", and \`npx backstep saga ${sagaId}\`.`
      : `Find out who took wake_at from saga_instance of backstep_orchestrator, and see what can be done: \`npx backstep saga ${sagaId}\`.`,
  };
}

const seconds = (ms: number): number => Math.round(ms / 1_000);

function* sagasWithoutOrder(evidence: Evidence): Generator<Finding> {
  for (const { id: sagaId, orderId, status } of [...evidence.sagas.values()].flat()) {
    if (ENDED.has(status) || evidence.orders.has(orderId) || tooNew(evidence, orderId)) continue;
    yield {
      what: `saga ${sagaId} is ${status} for order ${orderId}, and there is no such order`,
      orderId,
      sagaId,
      messages: told(evidence, orderId, PLACED),
      remedy: `Find out who sent its OrderPlaced: \`npx backstep saga ${sagaId}\`.`,
    };
  }
}
