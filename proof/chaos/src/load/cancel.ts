import { isLater } from './record.js';
import { ANSWER_WITHIN_MS, pause, type Shop } from './shop.js';

const CHANGE_IN_PROGRESS = 'urn:backstep:problem:change-in-progress';
const TOO_LATE = 'urn:backstep:problem:too-late';
/** The order has moved since it was read. */
const STALE = 412;

/** Cancels an order with the version that was read of it, always with the same key, until the answer is definite. */
export async function cancel(shop: Shop, orderId: string, key: string): Promise<void> {
  // Noted first: the answer may be lost.
  shop.record.cancelled.add(orderId);
  while (!shop.closing.aborted) {
    const version = await versionOf(shop, orderId);
    if (version !== undefined && (await isAnswered(shop, orderId, key, version))) return;
    await pause();
  }
}

async function versionOf({ gatewayUrl, closing }: Shop, orderId: string): Promise<number | undefined> {
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(ANSWER_WITHIN_MS), closing]);
    const response = await fetch(`${gatewayUrl}/v1/orders/${orderId}`, { signal });
    const { version } = (await response.json()) as { version?: number };
    return response.ok ? version : undefined;
  } catch {
    return undefined;
  }
}

/** @returns false when the request must come again */
async function isAnswered(shop: Shop, orderId: string, key: string, seen: number): Promise<boolean> {
  const { gatewayUrl, closing, record } = shop;
  try {
    const response = await fetch(`${gatewayUrl}/v1/orders/${orderId}/cancel`, {
      method: 'POST',
      headers: { 'if-match': `"v${seen}"`, 'idempotency-key': key },
      signal: AbortSignal.any([AbortSignal.timeout(ANSWER_WITHIN_MS), closing]),
    });
    const { type } = (await response.json()) as { type?: string };
    if (response.status === 202 || type === TOO_LATE || type === CHANGE_IN_PROGRESS) return true;
    if (response.status === STALE || isLater(response.status)) return false;
    record.strange.push(`the cancellation of ${orderId} was answered ${response.status} ${type ?? ''}`);
    return true;
  } catch {
    return false;
  }
}
