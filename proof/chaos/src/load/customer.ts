import { setTimeout as delay } from 'node:timers/promises';
import type { Errand, OrderRequest } from './mix.js';
import { isLater, type Attempt, type CustomersRecord } from './record.js';

/** Longer than the gateway waits for the order service. */
const ANSWER_WITHIN_MS = 15_000;
/** Between two tries with the same key. */
const PAUSE_MS = { min: 150, max: 900 };

export interface Shop {
  readonly gatewayUrl: string;
  readonly record: CustomersRecord;
  /** Aborted when customers stop waiting. */
  readonly closing: AbortSignal;
}

/** One customer, from the first request to the answer, with the same key for every attempt. */
export async function serve(shop: Shop, errand: Errand): Promise<void> {
  const { key, request, other } = errand;
  switch (errand.habit) {
    case 'plain':
      return insist(shop, key, request);
    case 'twice at once':
      await Promise.all([insist(shop, key, request), insist(shop, key, request)]);
      return;
    case 'again later':
      await insist(shop, key, request);
      return insist(shop, key, request);
    case 'other body later':
      await insist(shop, key, request);
      return insist(shop, key, other);
    case 'hangs up':
      await attempt(shop, key, request, errand.patienceMs);
      return insist(shop, key, request);
  }
}

/** Repeats the request until a further attempt would not change the answer. */
async function insist(shop: Shop, key: string, request: OrderRequest): Promise<void> {
  while (!shop.closing.aborted) {
    const { status } = await attempt(shop, key, request, ANSWER_WITHIN_MS);
    if (!isLater(status)) return;
    await delay(PAUSE_MS.min + Math.random() * (PAUSE_MS.max - PAUSE_MS.min));
  }
}

async function attempt(shop: Shop, key: string, request: OrderRequest, patienceMs: number): Promise<Attempt> {
  const made = await ask(shop, key, request, patienceMs);
  shop.record.note(key, made);
  return made;
}

async function ask(
  { gatewayUrl, closing }: Shop,
  key: string,
  request: OrderRequest,
  patienceMs: number,
): Promise<Attempt> {
  try {
    const response = await fetch(`${gatewayUrl}/v1/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(request),
      signal: AbortSignal.any([AbortSignal.timeout(patienceMs), closing]),
    });
    const body = (await response.json()) as { id?: string; type?: string };
    const answered = { request, status: response.status, replayed: response.headers.has('idempotency-replayed') };
    if (response.status !== 202) return { ...answered, ...(body.type === undefined ? {} : { problem: body.type }) };
    return { ...answered, body, orderId: body.id ?? 'none' };
  } catch {
    // Refused, reset, cut off, timed out, hung up: no answer, and the outcome is unknown.
    return { request, status: undefined, replayed: false };
  }
}
