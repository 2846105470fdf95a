import { setTimeout as delay } from 'node:timers/promises';
import type { Errand, OrderRequest } from './mix.js';
import { cancel } from './cancel.js';
import { isLater, type Attempt } from './record.js';
import { ANSWER_WITHIN_MS, pause, type Shop } from './shop.js';
import { revise } from './revision.js';

/** One customer, from the first request to the answer, with the same key for every attempt. */
export async function serve(shop: Shop, errand: Errand): Promise<void> {
  const { key, request, other } = errand;
  switch (errand.habit) {
    case 'plain':
      await insist(shop, key, request);
      return;
    case 'twice at once':
      await Promise.all([insist(shop, key, request), insist(shop, key, request)]);
      return;
    case 'again later':
      await insist(shop, key, request);
      await insist(shop, key, request);
      return;
    case 'other body later':
      await insist(shop, key, request);
      await insist(shop, key, other);
      return;
    case 'hangs up':
      await attempt(shop, key, request, errand.patienceMs);
      await insist(shop, key, request);
      return;
    case 'cancels': {
      const orderId = await insist(shop, key, request);
      if (orderId === undefined) return;
      await delay(errand.cancelAfterMs);
      await cancel(shop, orderId, key);
      return;
    }
    case 'revises': {
      const orderId = await insist(shop, key, request);
      if (orderId !== undefined) await revise(shop, orderId, errand.revision);
    }
  }
}

/** Repeats the request until a further attempt would not change the answer. @returns the order, when there is one */
async function insist(shop: Shop, key: string, request: OrderRequest): Promise<string | undefined> {
  while (!shop.closing.aborted) {
    const { status, orderId } = await attempt(shop, key, request, ANSWER_WITHIN_MS);
    if (!isLater(status)) return orderId;
    await pause();
  }
  return undefined;
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
