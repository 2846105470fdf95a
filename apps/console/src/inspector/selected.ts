import { contentionSearch } from '../contention/contention-search.js';
import { liveSearch } from '../live/live-search.js';
import { ordersSearch } from '../orders/orders-search.js';
import { filterOf, type ParkedSearch, parkedSearch } from '../parked/parked-search.js';
import { productsSearch } from '../products/products-search.js';
import { sagasSearch } from '../sagas/sagas-search.js';
import type { Beside } from '../shell/settings.js';
import { topicsSearch } from '../topics/topics-search.js';

/** What is selected in the list of a page. */
export type Selected =
  | { readonly kind: 'order' | 'saga' | 'group'; readonly id: string }
  /** `list` has it: whoever is parked is found by what is asked for. */
  | { readonly kind: 'parked'; readonly id: string; readonly list: ParkedSearch }
  | { readonly kind: 'product'; readonly sku: string }
  /** A key of a service's entity, as an address names it. */
  | { readonly kind: 'key'; readonly sel: string };

/**
 * What a page shows beside what it lists: `list` is for the inspector of the shell, `own` for the page's own panel, which is the inspector
 * there, `none` for pages that select nothing.
 */
export type Side = 'list' | 'own' | 'none';

type Search = Readonly<Record<string, unknown>>;
const sel = <Kind extends 'order' | 'saga' | 'group'>(kind: Kind, id: string | undefined) =>
  id === undefined ? undefined : { kind, id };

/** By the path of a page with a list: what its address says is selected. */
const LISTS: Readonly<Record<string, (search: Search) => Selected | undefined>> = {
  '/': (search) => sel('order', liveSearch(search).sel),
  '/orders': (search) => sel('order', ordersSearch(search).sel),
  '/sagas': (search) => sel('saga', sagasSearch(search).sel),
  '/topics': (search) => sel('group', topicsSearch(search).sel),
  '/parked': (search) => {
    const parked = parkedSearch(search);
    return parked.sel === undefined ? undefined : { kind: 'parked', id: parked.sel, list: filterOf(parked) };
  },
  '/contention': (search) => {
    const { sel: key } = contentionSearch(search);
    return key === undefined ? undefined : { kind: 'key', sel: key };
  },
  '/products': (search) => {
    const { sel: sku } = productsSearch(search);
    return sku === undefined ? undefined : { kind: 'product', sku };
  },
};
const ORDER = /^\/orders\/(?!compare$)[^/]+$/;
/** Tabs of an order that draw its messages; the first one is in no address. */
const WITH_MESSAGES = new Set([undefined, 'lanes', 'list']);

export function sideOf(path: string, search: Search): Side {
  if (Object.hasOwn(LISTS, path)) return 'list';
  if (path === '/messages') return 'own';
  return ORDER.test(path) && WITH_MESSAGES.has(search['tab'] as string | undefined) ? 'own' : 'none';
}

export const selectedIn = (path: string, search: Search): Selected | undefined =>
  Object.hasOwn(LISTS, path) ? LISTS[path]?.(search) : undefined;

/** Left to itself, a page has its own panel, and no inspector beside its list, which then has the whole window. */
export const isBeside = (side: Side, chosen: Beside): boolean =>
  side !== 'none' && (chosen === 'page' ? side === 'own' : chosen === 'on');
