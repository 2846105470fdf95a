import type { Order, OrderStatus } from '../api/types.js';
import type { OrderChange } from '../stream/events.js';

/** What is known of an order beside the list: what the stream told of it, and what was read of it alone. */
export interface KnownOrder {
  /** The latest change that said its version. */
  readonly change: { readonly status: OrderStatus; readonly version: number } | undefined;
  /** The latest that was read of it. */
  readonly order: Order | undefined;
  /** A change did not say what it changed. */
  readonly isUnsaid: boolean;
  /** It was placed while this page listened: since the list was read, or before. */
  readonly placed: 'news' | 'listed' | undefined;
  /** It has changed since the list was read. */
  readonly isNews: boolean;
}

const UNKNOWN: KnownOrder = { change: undefined, order: undefined, isUnsaid: false, placed: undefined, isNews: true };

/** The same, in whatever order and however often changes are told: the higher version counts. */
export function told(known: KnownOrder = UNKNOWN, { status, version }: OrderChange): KnownOrder {
  const placed = known.placed ?? (status === 'PENDING' ? 'news' : undefined);
  if (status === null || version === null) return { ...known, placed, isUnsaid: true, isNews: true };
  const change = known.change && known.change.version >= version ? known.change : { status, version };
  return { ...known, change, placed, isNews: known.isNews || change !== known.change };
}

/** What was read answers all that was not said before. */
export function readOf(known: KnownOrder = UNKNOWN, order: Order): KnownOrder {
  const isNewer = !known.order || order.version >= known.order.version;
  return { ...known, order: isNewer ? order : known.order, isUnsaid: false };
}

/** An order in the newest version that is known, whoever told of it. Of one that is only told, everything but its state is as it was read. */
export function latestOf(order: Order, known: KnownOrder | undefined): Order {
  if (!known) return order;
  const base = known.order && known.order.version > order.version ? known.order : order;
  const { change } = known;
  return change && change.version > base.version ? { ...base, status: change.status, version: change.version } : base;
}

/** Whether what is shown of it is not all that there is to know: an order that has just been confirmed has nothing else that is new. */
export function isIncomplete(order: Order, known: KnownOrder | undefined): boolean {
  if (!known) return false;
  const base = known.order && known.order.version > order.version ? known.order : order;
  const { change } = known;
  if (known.isUnsaid) return true;
  if (!change || change.version <= base.version) return false;
  return !(base.status === 'PENDING' && change.status === 'CONFIRMED' && change.version === base.version + 1);
}

/** Orders that are known; of more those that were heard of last. */
const KNOWN_MAX = 5_000;

/** What is known of orders, for the list and the page of one: what one hears of, the other shows. */
export class KnownOrders {
  private known: ReadonlyMap<string, KnownOrder> = new Map();
  private readonly listeners = new Set<() => void>();

  get all(): ReadonlyMap<string, KnownOrder> {
    return this.known;
  }

  tell(changes: readonly OrderChange[]): void {
    if (changes.length === 0) return;
    this.put(changes.map((change) => [change.id, (before) => told(before, change)]));
  }

  /** @param onlyIfKnown of a whole list: what nobody has told of is in the list itself */
  read(orders: readonly Order[], onlyIfKnown = false): void {
    const some = onlyIfKnown ? orders.filter(({ id }) => this.known.has(id)) : orders;
    if (some.length > 0) this.put(some.map((order) => [order.id, (before) => readOf(before, order)]));
  }

  /** The list is read anew: what was placed until now is in it. */
  listed(): void {
    const asListed = (before = UNKNOWN): KnownOrder => ({
      ...before,
      placed: before.placed && 'listed',
      isNews: false,
    });
    this.put([...this.known.keys()].map((id) => [id, asListed]));
  }

  readonly watch = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private put(changes: readonly (readonly [string, (before: KnownOrder | undefined) => KnownOrder])[]): void {
    const next = new Map(this.known);
    for (const [id, change] of changes) {
      const after = change(next.get(id));
      next.delete(id);
      next.set(id, after);
    }
    for (const id of next.keys()) {
      if (next.size <= KNOWN_MAX) break;
      next.delete(id);
    }
    this.known = next;
    for (const listener of this.listeners) listener();
  }
}

export const knownOrders = new KnownOrders();
