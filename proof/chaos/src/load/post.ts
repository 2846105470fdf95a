import type { Shop } from './shop.js';
import { ANSWER_WITHIN_MS } from './shop.js';

/** One POST with an Idempotency-Key. @returns undefined when there was no answer, or one that may be another next time */
export async function post<A>(
  { gatewayUrl, closing }: Pick<Shop, 'gatewayUrl' | 'closing'>,
  path: string,
  { key, body }: { readonly key: string; readonly body: object },
): Promise<A | undefined> {
  try {
    const response = await fetch(`${gatewayUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
      signal: AbortSignal.any([AbortSignal.timeout(ANSWER_WITHIN_MS), closing]),
    });
    const answer = (await response.json()) as A;
    return response.ok ? answer : undefined;
  } catch {
    return undefined;
  }
}
