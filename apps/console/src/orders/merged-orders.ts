import type { Order, OrderStatus } from '../api/types.js';
import { isIncomplete, type KnownOrder, latestOf } from './known-orders.js';
import { type Bounds, isWithin, placedAt } from './span.js';

export interface MergedOrders {
  /** Of the list as it was read, each in the newest version that is known. */
  readonly shown: readonly Order[];
  /** Of these more is known to be new than what was told. */
  readonly incomplete: ReadonlySet<string>;
  /** Not in the list: they wait behind a button, so that no row moves under a finger. */
  readonly waiting: number;
}

export interface Beside {
  /** The first page as it was read last, where that is later than the list. */
  readonly newest?: readonly Order[] | undefined;
  readonly known: ReadonlyMap<string, KnownOrder>;
  /** The state that the list is of; undefined: all. */
  readonly status?: OrderStatus | undefined;
  /** When the orders of the list were placed; undefined: at any time. */
  readonly bounds?: Bounds | undefined;
}

/**
 * The pages of a list beside what has become known since. The higher version of an order is shown, whoever told of it.
 * @param pages as they were read, newest first
 */
export function mergedOrders(
  pages: readonly (readonly Order[])[],
  { newest = [], known, status, bounds = {} }: Beside,
): MergedOrders {
  const later = new Map(newest.map((order) => [order.id, order]));
  const seen = new Set<string>();
  const incomplete = new Set<string>();
  const shown = pages.flat().flatMap((order) => {
    // Pages are cut by key, so none repeats an order; two lists put together might.
    if (seen.has(order.id)) return [];
    seen.add(order.id);
    const other = later.get(order.id);
    const read = other && other.version > order.version ? other : order;
    if (isIncomplete(read, known.get(order.id))) incomplete.add(order.id);
    return [latestOf(read, known.get(order.id))];
  });
  const [first] = shown;
  const waiting = new Set<string>();
  for (const { id, createdAt } of newest)
    if (!seen.has(id) && (!first || createdAt >= first.createdAt)) waiting.add(id);
  for (const [id, { change, placed, isNews }] of known) {
    const isNew = status === undefined ? placed === 'news' : isNews && change?.status === status;
    if (isNew && !seen.has(id) && isWithin(bounds, placedAt(id))) waiting.add(id);
  }
  return { shown, incomplete, waiting: waiting.size };
}
