import type { Order } from '../api/types.js';

export interface MergedOrders {
  /** Of the list as it was read, each in the newest version that is known. */
  readonly shown: readonly Order[];
  /** Newer than the list: they wait behind a button, so that no row moves under a finger. */
  readonly waiting: number;
}

/**
 * The pages of a list beside the newest orders. The higher version of an order is shown, whichever request brought it.
 * @param pages as they were read, newest first
 * @param newest the latest first page; undefined before the first one
 */
export function mergedOrders(pages: readonly (readonly Order[])[], newest: readonly Order[] | undefined): MergedOrders {
  const later = new Map((newest ?? []).map((order) => [order.id, order]));
  const seen = new Set<string>();
  const shown = pages.flat().flatMap((order) => {
    // Pages are cut by key, so none repeats an order; two lists put together might.
    if (seen.has(order.id)) return [];
    seen.add(order.id);
    const other = later.get(order.id);
    return [other && other.version > order.version ? other : order];
  });
  const [first] = shown;
  const isBehind = (order: Order): boolean => !seen.has(order.id) && (!first || order.createdAt >= first.createdAt);
  return { shown, waiting: (newest ?? []).filter(isBehind).length };
}
