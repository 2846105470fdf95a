import { randomUUID } from 'node:crypto';
import { ProblemAnswer, type Api } from '../shared/api.js';
import type { Order } from '../shared/representations.js';
import { insist, isAway } from './insist.js';
import type { Outcome, Sample } from './samples.js';

const TAKEN_WITHIN_MS = 30_000;
const ENDS_WITHIN_MS = 60_000;

/** These are on their way to somewhere else. */
const IN_PROGRESS: ReadonlySet<string> = new Set(['PENDING', 'REVISING', 'CANCELLING']);

/**
 * Places one and waits for its end.
 * @throws Error when it is not taken, or has not ended, in time; carries the gateway's last answer.
 */
export async function play({ title, order, mustEnd }: Sample, api: Api, signal?: AbortSignal): Promise<Outcome> {
  // One key for all attempts: when an answer is lost, the next attempt gets the same order.
  const headers = { 'idempotency-key': randomUUID() };
  let since = 0;
  const placed = await insist({ withinMs: TAKEN_WITHIN_MS, mayChange: mayBeTakenLater, signal }, async () => {
    since = Date.now();
    return (await api.request<Order>('POST', '/v1/orders', { headers, body: order })).body;
  });
  const ended = await insist({ withinMs: ENDS_WITHIN_MS, mayChange: mayEndLater, signal }, async () => {
    const now = await api.get<Order>(`/v1/orders/${placed.id}`);
    if (IN_PROGRESS.has(now.status)) throw new StillInProgressError(now);
    return now;
  });
  return { title, mustEnd, order: ended, tookMs: Date.now() - since };
}

class StillInProgressError extends Error {
  override readonly name = 'StillInProgressError';
  constructor({ id, status }: Order) {
    super(`order ${id} is still ${status} after ${ENDS_WITHIN_MS / 1_000} s`);
  }
}

/** The order service learns products from events: right after seeding it may not know one yet, and says 422. */
const mayBeTakenLater = (error: unknown): boolean =>
  isAway(error) || (error instanceof ProblemAnswer && error.status === 422);
const mayEndLater = (error: unknown): boolean => isAway(error) || error instanceof StillInProgressError;
