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

/** How long the order service may take to learn of a new product, and how often it is asked meanwhile. */
const KNOWN_WITHIN_MS = 15_000;
const ASK_AGAIN_MS = 250;
const UNKNOWN_SKU = 'urn:backstep:problem:unknown-sku';

/** One of many, with a key of its own. A product that was listed a moment ago is not known to the order service yet. */
export async function placeOne(body: PlaceOrder, signal: AbortSignal): Promise<Placed> {
  const key = newRequestKey();
  const until = Date.now() + KNOWN_WITHIN_MS;
  for (;;) {
    const { answer } = await place(0, key, body, signal);
    if (!(answer instanceof ProblemError)) return { orderId: answer.order.id };
    if (answer.problem.type !== UNKNOWN_SKU || Date.now() > until) return { refusedBecause: answer.problem.title };
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    if (signal.aborted) return { refusedBecause: 'stopped' };
  }
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
