import { isDeepStrictEqual } from 'node:util';
import { endsOf } from '../load/mix.js';
import { isLater, type Attempt } from '../load/record.js';

/** What the order service's database holds. */
export interface Kept {
  /** By id: `CONFIRMED`, or the code it was rejected with, or its status when it has not ended. */
  readonly ends: ReadonlyMap<string, string>;
  /** By idempotency key: the order it was answered with. */
  readonly keys: ReadonlyMap<string, string>;
}

const KEY_REUSED = 'urn:backstep:problem:idempotency-key-reused';

/**
 * Compares the customers' record with the books: every 202 has exactly one order, the same at every attempt; another body is never accepted
 * under the same key; each order ended as it may; and there is no order without a request. Pure.
 * @param cancelled orders that their customers wanted to cancel: these, and no others, may end CANCELLED
 */
export function compare(
  record: ReadonlyMap<string, readonly Attempt[]>,
  kept: Kept,
  cancelled: ReadonlySet<string> = new Set(),
): string[] {
  const found = [...record].flatMap(([key, attempts]) => judge(key, attempts, kept, cancelled));
  const asked = new Set(record.keys());
  const owned = new Set(kept.keys.values());
  for (const key of kept.keys.keys())
    if (!asked.has(key)) found.push(`nobody used the key ${key}, and it was answered`);
  for (const id of kept.ends.keys()) if (!owned.has(id)) found.push(`nobody asked for order ${id}`);
  return found;
}

function judge(key: string, attempts: readonly Attempt[], kept: Kept, cancelled: ReadonlySet<string>): string[] {
  const accepted = attempts.filter(({ status }) => status === 202);
  const [first] = accepted;
  const others = attempts.filter((attempt) => attempt.status !== 202).flatMap((attempt) => strange(key, attempt));
  if (!first) return others;
  const about = `the request with key ${key}`;
  const found: string[] = [];
  const ids = new Set(accepted.map(({ orderId }) => orderId));
  if (ids.size > 1) found.push(`${about} was answered with ${ids.size} orders: ${[...ids].join(', ')}`);
  // The words may come in another order: the answer is kept as jsonb.
  if (accepted.some(({ body }) => !isDeepStrictEqual(body, first.body)))
    found.push(`${about} was answered differently`);
  if (new Set(accepted.map(({ request }) => JSON.stringify(request))).size > 1) {
    found.push(`${about} was accepted with two bodies`);
  }
  if (accepted.filter(({ replayed }) => !replayed).length > 1)
    found.push(`${about} was answered twice as if it were new`);
  const id = first.orderId ?? '';
  if (kept.keys.get(key) !== id)
    found.push(`${about} was answered with ${id}, and ${kept.keys.get(key) ?? 'nothing'} is kept for it`);
  const end = kept.ends.get(id);
  if (end === undefined) found.push(`${about} was answered with order ${id}, and there is no such order`);
  else if (!(end === 'CANCELLED' && cancelled.has(id)) && !endsOf(first.request).has(end)) {
    const may = [...endsOf(first.request)].join(', ');
    found.push(`order ${id} ended as ${end}; with ${first.request.paymentMethod} it may end as ${may}`);
  }
  return [...found, ...others];
}

/** Whether no request of the run may get this answer. No answer, Retry-After and "in progress" are allowed. */
function strange(key: string, { status, problem }: Attempt): string[] {
  if (isLater(status)) return [];
  if (status === 422 && problem === KEY_REUSED) return [];
  return [`the request with key ${key} was answered ${status} ${problem ?? ''}`];
}
