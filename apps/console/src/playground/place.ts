import { ProblemError, read } from '../api/read.js';
import { newRequestKey } from '../api/request-key.js';
import { send } from '../api/send.js';
import type { Order, PlaceOrder } from '../api/types.js';
import type { Placed } from './outcomes.js';

/** What was sent and what was answered. */
export interface Exchange {
  readonly number: number;
  readonly at: number;
  readonly key: string;
  readonly body: PlaceOrder;
  readonly answer:
    | { readonly status: number; readonly etag: string | undefined; readonly replayed: boolean; readonly order: Order }
    | ProblemError;
}

export async function place(number: number, key: string, body: PlaceOrder, signal?: AbortSignal): Promise<Exchange> {
  const at = Date.now();
  try {
    const {
      status,
      etag,
      replayed,
      body: order,
    } = await send('post', '/v1/orders', {
      headers: { 'Idempotency-Key': key },
      body,
      ...(signal && { signal }),
    });
    return { number, at, key, body, answer: { status, etag, replayed, order } };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { number, at, key, body, answer: error };
  }
}

/** How often one request is sent at most, and how long after an answer that passes. Together at least 20 s: a process that has died is back by then. */
const ATTEMPTS_MAX = 40;
const AGAIN_AFTER_MS = 500;
const TOO_MANY_REQUESTS = 429;
const SERVERS_FAULT = 500;
/** No answer, too much at a time, or a service that is away. */
const PASSING = new Set([0, TOO_MANY_REQUESTS, 503]);
/** The order service has not learnt yet of a product that was listed a moment ago. */
const UNKNOWN_SKU = 'urn:backstep:problem:unknown-sku';
const OVERLOADED = 'urn:backstep:problem:overloaded';

/**
 * One of many, with a key of its own. A request that nobody has answered may have placed the order all the same, so it is sent again with its key:
 * it is answered what the first one did, or does it.
 */
export async function placeOne(body: PlaceOrder, signal?: AbortSignal, attemptsMax = ATTEMPTS_MAX): Promise<Placed> {
  const key = newRequestKey();
  let mayBePlaced = false;
  for (let attempt = 1; ; attempt += 1) {
    const { answer } = await place(0, key, body, signal);
    if (!(answer instanceof ProblemError)) return { orderId: answer.order.id };
    const { type, title } = answer.problem;
    mayBePlaced = mayBePlacedAfter(answer, mayBePlaced);
    const isLast = attempt >= attemptsMax || !(PASSING.has(answer.status) || type === UNKNOWN_SKU);
    if (!isLast) await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    if (isLast || signal?.aborted) return mayBePlaced ? { unansweredBecause: title } : { refusedBecause: title };
  }
}

/** A service that has too much to do says so before it stores or looks up anything; any other refusal has looked the key up. */
function mayBePlacedAfter({ status, problem: { type } }: ProblemError, before: boolean): boolean {
  if (status === TOO_MANY_REQUESTS || type === OVERLOADED) return before;
  return status === 0 || status >= SERVERS_FAULT;
}

/** A product of the playground's own, so that no other runs out for it. */
export const LAST_ITEM = { sku: 'last-item', name: 'The last one', currency: 'EUR', price: 10_00 } as const;

/** Sees to it that exactly one piece of it can be ordered. @throws ProblemError */
export async function oneIsLeft(signal: AbortSignal): Promise<void> {
  const { sku, ...listed } = LAST_ITEM;
  const product = await read('/v1/products/{sku}', { path: { sku }, signal }).catch((error: unknown) => {
    if (error instanceof ProblemError && error.status === 404) return undefined;
    throw error;
  });
  if (!product) {
    const headers = { 'Idempotency-Key': newRequestKey() };
    await send('put', '/v1/products/{sku}', { path: { sku }, headers, body: { ...listed, onHand: 1 }, signal });
    return;
  }
  const delta = 1 - product.available;
  if (delta === 0) return;
  await send('post', '/v1/products/{sku}/adjustments', {
    path: { sku },
    headers: { 'Idempotency-Key': newRequestKey() },
    body: { delta, reason: 'playground: one is left' },
    signal,
  });
}
