import type { Order, SagaSummary } from '../api/types.js';
import { hasSagaEnded } from './dots.js';

/** What was read of the sagas of an order. */
export interface KnownSaga {
  /** The one that a row shows; undefined where there was none. */
  readonly saga: SagaSummary | undefined;
  /** The version of the order that was known when its sagas were asked for. */
  readonly orderVersion: number;
  /** When the answer came, ms of this page's clock. */
  readonly readAt: number;
}

/** An order of a row that is seen. */
export interface SeenOrder {
  readonly id: string;
  readonly version: number;
  readonly isUnderWay: boolean;
}

/** No event says which step a saga waits for: those under way are asked for so often while they are seen. */
export const SAGAS_EVERY_MS = 2_000;
/** Orders of one request: as many as the API takes. */
export const ORDERS_A_READ = 50;
/** Orders whose sagas are known; of more those that were read last. */
const KNOWN_MAX = 5_000;

export const seenOrder = ({ id, version, status, change }: Order): SeenOrder => ({
  id,
  version,
  isUnderWay: change !== null || status === 'PENDING' || status === 'CANCELLING' || status === 'REVISING',
});

/** When the sagas of an order are to be read: again when the order has moved since, and again and again while something is under way. */
function dueAt({ version, isUnderWay }: SeenOrder, known: KnownSaga | undefined): number {
  if (!known || known.orderVersion < version) return -Infinity;
  return isUnderWay || (known.saga && !hasSagaEnded(known.saga)) ? known.readAt + SAGAS_EVERY_MS : Infinity;
}

export interface Due {
  /** One request; empty when nothing is due now. */
  readonly orders: readonly SeenOrder[];
  /** When the next will be due. */
  readonly nextAt: number;
}

/** What is asked for next: those that were never read first. */
export function dueNow(seen: readonly SeenOrder[], known: ReadonlyMap<string, KnownSaga>, now: number): Due {
  const due = seen.map((order) => [order, dueAt(order, known.get(order.id))] as const).sort(([, a], [, b]) => a - b);
  // With one that is due others are asked for that will be soon: one request is as dear as another.
  const [, first = Infinity] = due[0] ?? [];
  if (first > now) return { orders: [], nextAt: first };
  const soon = due.filter(([, at]) => at <= now + SAGAS_EVERY_MS / 2).map(([order]) => order);
  return { orders: soon.slice(0, ORDERS_A_READ), nextAt: now };
}

/** What is known of the sagas of orders, and whether the latest request was answered. */
export class KnownSagas {
  private known: ReadonlyMap<string, KnownSaga> = new Map();
  private away = false;
  private readonly listeners = new Set<() => void>();

  get all(): ReadonlyMap<string, KnownSaga> {
    return this.known;
  }

  /** The orchestrator did not answer the latest request. */
  get isAway(): boolean {
    return this.away;
  }

  /** @param sagas by order; an order that is not in it has none */
  read(orders: readonly SeenOrder[], sagas: ReadonlyMap<string, SagaSummary>, readAt: number): void {
    const next = new Map(this.known);
    for (const { id, version: orderVersion } of orders) {
      const saga = sagas.get(id);
      next.delete(id);
      next.set(id, { saga, orderVersion, readAt });
    }
    for (const id of next.keys()) {
      if (next.size <= KNOWN_MAX) break;
      next.delete(id);
    }
    this.known = next;
    this.tell(false);
  }

  failed(): void {
    this.tell(true);
  }

  /** Nothing is asked for: nobody is known to be away. */
  rest(): void {
    if (this.away) this.tell(false);
  }

  readonly watch = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private tell(away: boolean): void {
    this.away = away;
    for (const listener of this.listeners) listener();
  }
}

export const knownSagas = new KnownSagas();
