import type { Page } from '@backstep/contracts/http';
import type { OperatorOperation } from '../representations/operation.js';

/**
 * One page of several lists, newest first. Each list's page begins after the same cursor and has up to `limit` items, so the first `limit` of
 * all are among them.
 */
export function mergedOperations(pages: readonly Page<OperatorOperation>[], limit: number): Page<OperatorOperation> {
  const found = pages.flatMap(({ items }) => items).sort(newestFirst);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const isMore = found.length > limit || pages.some(({ nextCursor }) => nextCursor !== null);
  return { items, nextCursor: last && isMore ? `operations.${Date.parse(last.at)}.${last.id}` : null };
}

/** As each service has them: by time, then by id. */
const newestFirst = (one: OperatorOperation, other: OperatorOperation): number =>
  Date.parse(other.at) - Date.parse(one.at) || (one.id < other.id ? 1 : -1);
