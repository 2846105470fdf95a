import type { OrderView, SagaSummaryView } from '@backstep/contracts/http';
import { ENDED } from '../representations/saga.js';

/** Clocks of the database and of Kafka's brokers differ by less. */
const CLOCK_SLACK_MS = 60_000;

/** Clocks that somebody sets differ by less, nearly always. */
const NEAR_MS = 2_000;

/** Messages of an order may still come after its last saga has ended: a command that was sent twice is answered twice. */
const TRICKLE_MS = 10 * 60_000;

/** When Kafka took an order's messages, milliseconds since 1970. Without `untilMs` they may still come. */
export interface TimeWindow {
  readonly sinceMs: number;
  readonly untilMs?: number;
}

/**
 * The time window of an order's messages, so that reading an order of last week does not read the whole week. The window has no end while a
 * saga runs, none has begun, or the orchestrator does not answer (`sagas` is undefined).
 */
export function timeWindowOf(
  order: Pick<OrderView, 'createdAt'>,
  sagas: readonly Pick<SagaSummaryView, 'state' | 'updatedAt'>[] | undefined,
  nowMs: number,
): TimeWindow {
  const sinceMs = Date.parse(order.createdAt) - CLOCK_SLACK_MS;
  if (sagas === undefined || sagas.length === 0 || !sagas.every(({ state }) => ENDED.has(state))) return { sinceMs };
  const untilMs = Math.max(...sagas.map(({ updatedAt }) => Date.parse(updatedAt))) + TRICKLE_MS;
  return untilMs < nowMs ? { sinceMs, untilMs } : { sinceMs };
}

/** Whether messages of this order may still come, whatever its sagas say: its window has no end. */
export const mayStillCome = ({ createdAt }: Pick<OrderView, 'createdAt'>, nowMs: number): boolean =>
  Date.parse(createdAt) + TRICKLE_MS >= nowMs;

/**
 * The same window from as near before the order on as clocks nearly always allow. A minute of others' messages is most of what there is to read
 * of an order, and nearly never holds one of its own.
 */
export const nearTo = (window: TimeWindow): TimeWindow => ({
  ...window,
  sinceMs: window.sinceMs + CLOCK_SLACK_MS - NEAR_MS,
});
