import type { SagaSummary } from '../api/types.js';
import { shownSaga } from './dots.js';
import { dueNow, type KnownSagas, type SeenOrder } from './known-sagas.js';

/** Whoever scrolls asks for what is seen when the hand rests, or after so long. */
const REST_MS = 150;
const REST_MAX_MS = 1_000;
/** After a request that was not answered. */
const RETRY_MS = 5_000;
/** A window that is not seen is looked at again so often. */
const UNSEEN_MS = 2_000;
/** Pages of one answer: an order that was revised dozens of times has as many sagas. What is further back is not shown. */
const PAGES_MAX = 3;

export interface SagaPageOf {
  readonly items: readonly SagaSummary[];
  readonly nextCursor: string | null;
}

export interface ReaderParts {
  readonly known: KnownSagas;
  /** A page of the sagas of these orders, newest first. */
  readonly ask: (orderIds: readonly string[], cursor: string | undefined) => Promise<SagaPageOf>;
  readonly now?: () => number;
  /** Whether anybody looks. */
  readonly isSeen?: () => boolean;
}

/** Reads the sagas of the orders that are seen, by one request at a time for all of them together. */
export class SagaReader {
  private seen: readonly SeenOrder[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isReading = false;
  private notBefore = 0;
  /** Since when something is due that nobody has asked for. */
  private dueSince: number | undefined;
  private readonly now: () => number;

  constructor(private readonly parts: ReaderParts) {
    this.now = parts.now ?? Date.now;
  }

  /** These are seen now. */
  want(seen: readonly SeenOrder[]): void {
    const isSame = areSame(this.seen, seen);
    this.seen = seen;
    // What is planned stays planned, however often the same is said.
    if (!isSame) this.plan();
  }

  end(): void {
    this.want([]);
  }

  private plan(): void {
    if (this.isReading) return;
    clearTimeout(this.timer);
    const now = this.now();
    const { orders, nextAt } = dueNow(this.seen, this.parts.known.all, now);
    if (orders.length === 0) {
      this.dueSince = undefined;
      if (nextAt === Infinity) this.parts.known.rest();
      else this.timer = setTimeout(() => this.plan(), nextAt - now);
      return;
    }
    this.dueSince ??= now;
    const rested = Math.min(REST_MS, this.dueSince + REST_MAX_MS - now);
    this.timer = setTimeout(() => void this.look(), Math.max(rested, this.notBefore - now, 0));
  }

  private async look(): Promise<void> {
    if (this.parts.isSeen?.() === false) {
      this.timer = setTimeout(() => void this.look(), UNSEEN_MS);
      return;
    }
    const { orders } = dueNow(this.seen, this.parts.known.all, this.now());
    this.dueSince = undefined;
    if (orders.length > 0) {
      this.isReading = true;
      await this.read(orders);
      this.isReading = false;
    }
    this.plan();
  }

  private async read(orders: readonly SeenOrder[]): Promise<void> {
    try {
      const sagas = await this.sagasOf(orders.map(({ id }) => id));
      this.parts.known.read(orders, sagas, this.now());
    } catch {
      this.notBefore = this.now() + RETRY_MS;
      this.parts.known.failed();
    }
  }

  private async sagasOf(ids: readonly string[]): Promise<ReadonlyMap<string, SagaSummary>> {
    const found = new Map<string, SagaSummary[]>();
    let cursor: string | undefined;
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const { items, nextCursor } = await this.parts.ask(ids, cursor);
      for (const saga of items) found.set(saga.orderId, [...(found.get(saga.orderId) ?? []), saga]);
      // Newest first: what is behind is older than what every order has.
      if (nextCursor === null || found.size === ids.length) break;
      cursor = nextCursor;
    }
    const shown = new Map<string, SagaSummary>();
    for (const [id, sagas] of found) {
      const saga = shownSaga(sagas);
      if (saga) shown.set(id, saga);
    }
    return shown;
  }
}

const areSame = (some: readonly SeenOrder[], others: readonly SeenOrder[]): boolean =>
  some.length === others.length &&
  some.every(({ id, version, isUnderWay }, at) => {
    const other = others[at];
    return other?.id === id && other.version === version && other.isUnderWay === isUnderWay;
  });
