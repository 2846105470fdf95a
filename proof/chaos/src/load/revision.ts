import type { Random } from '@backstep/simulation';
import { ANSWER_WITHIN_MS, pause, type Shop } from './shop.js';
import { isLater } from './record.js';

/** What a customer wants of an order that is confirmed. */
export interface RevisionRequest {
  readonly lines?: readonly { readonly op: string; readonly sku: string; readonly quantity?: number }[];
  readonly shippingAddress?: { readonly line1?: string; readonly country?: string };
}

export interface Revision {
  readonly key: string;
  readonly request: RevisionRequest;
}

/** Who has not seen the order end by then does not revise it: everybody must be out some time after the storm. */
const ENDS_WITHIN_MS = 20_000;
const TOO_LATE = 'urn:backstep:problem:too-late';
const ENDED = ['CONFIRMED', 'REJECTED', 'CANCELLED'];

/** More of a product, less of a line, another street; or a country that the carrier refuses, after all else has been done. */
export function drawRevision(random: Random, sku: string, more: readonly string[], refused: string): Revision {
  const key = random.uuid();
  const dice = random.next();
  if (dice < 0.5)
    return { key, request: { lines: [{ op: 'addLine', sku: random.pick(more), quantity: random.between(1, 3) }] } };
  if (dice < 0.8) return { key, request: { lines: [{ op: 'setQuantity', sku, quantity: random.between(1, 4) }] } };
  if (dice < 0.9) return { key, request: { shippingAddress: { line1: '1 New Street' } } };
  return {
    key,
    request: { lines: [{ op: 'addLine', sku: random.pick(more), quantity: 1 }], shippingAddress: { country: refused } },
  };
}

/** Waits for a while until the order has ended, and revises it, with one key for every attempt, until a further attempt would not change the answer. */
export async function revise(shop: Shop, orderId: string, { key, request }: Revision): Promise<void> {
  const until = performance.now() + ENDS_WITHIN_MS;
  let version: number | undefined;
  while (!shop.closing.aborted) {
    version ??= await endedAt(shop, orderId);
    if (version === undefined && performance.now() > until) return;
    if (version !== undefined) {
      const { status, problem } = await ask(shop, orderId, { key, request, version });
      shop.record.noteRevision(status);
      if (!isLater(status) || problem === TOO_LATE) return;
    }
    await pause();
  }
}

/** The version of the order, once it has ended. */
async function endedAt({ gatewayUrl, closing }: Shop, orderId: string): Promise<number | undefined> {
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(ANSWER_WITHIN_MS), closing]);
    const response = await fetch(`${gatewayUrl}/v1/orders/${orderId}`, { signal });
    const { status, version } = (await response.json()) as { status?: string; version?: number };
    return response.ok && status !== undefined && ENDED.includes(status) ? version : undefined;
  } catch {
    return undefined;
  }
}

async function ask(
  { gatewayUrl, closing }: Shop,
  orderId: string,
  { key, request, version }: Revision & { readonly version: number },
): Promise<{ readonly status: number | undefined; readonly problem?: string | undefined }> {
  try {
    const response = await fetch(`${gatewayUrl}/v1/orders/${orderId}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'idempotency-key': key, 'if-match': `"v${version}"` },
      body: JSON.stringify(request),
      signal: AbortSignal.any([AbortSignal.timeout(ANSWER_WITHIN_MS), closing]),
    });
    const body = (await response.json()) as { readonly type?: string };
    return { status: response.status, problem: body.type };
  } catch {
    return { status: undefined };
  }
}
