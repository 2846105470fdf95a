import { afterEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import type { Order, SagaSummary } from '../api/types.js';
import { dueNow, KnownSagas, ORDERS_A_READ, SAGAS_EVERY_MS, seenOrder, type SeenOrder } from './known-sagas.js';
import { type SagaPageOf, SagaReader } from './saga-reader.js';

/**
 * Goal: a list of orders asks for the sagas of all rows that are seen at once, and again only for what may have moved. Method: what is due, by the clock of
 * the spec; and the reader with an orchestrator that notes what it is asked.
 */
const seen = (number: number, changes: Partial<SeenOrder> = {}): SeenOrder => ({
  id: `order-${number}`,
  version: 1,
  isUnderWay: false,
  ...changes,
});
const saga = (orderId: string, state: SagaSummary['state'] = 'COMPLETED', second = 0): SagaSummary =>
  ({
    id: `saga of ${orderId}`,
    orderId,
    state,
    steps: [],
    awaiting: null,
    createdAt: `2030-01-01T12:00:0${second}.000Z`,
  }) as unknown as SagaSummary;
const of = (...sagas: readonly SagaSummary[]) => new Map(sagas.map((one) => [one.orderId, one]));
const ids = (orders: readonly SeenOrder[]): string[] => orders.map(({ id }) => id);

describe('what is due', () => {
  it('what has never been read is due, and what has ended is not due again', () => {
    const known = new KnownSagas();
    expect(ids(dueNow([seen(1), seen(2)], known.all, 0).orders)).toEqual(['order-1', 'order-2']);
    known.read([seen(1), seen(2)], of(saga('order-1')), 0);
    expect(dueNow([seen(1), seen(2)], known.all, 9_999_999)).toEqual({ orders: [], nextAt: Infinity });
  });

  it('an order that has moved since is due at once', () => {
    const known = new KnownSagas();
    known.read([seen(1)], of(saga('order-1')), 0);
    expect(ids(dueNow([seen(1, { version: 2 })], known.all, 1).orders)).toEqual(['order-1']);
  });

  it('a saga under way is due again and again, and so is an order under way that has none yet', () => {
    const known = new KnownSagas();
    const orders = [seen(1), seen(2, { isUnderWay: true }), seen(3)];
    known.read(orders, of(saga('order-1', 'STUCK'), saga('order-3')), 1_000);
    expect(dueNow(orders, known.all, 1_001)).toEqual({ orders: [], nextAt: 1_000 + SAGAS_EVERY_MS });
    expect(ids(dueNow(orders, known.all, 1_000 + SAGAS_EVERY_MS).orders)).toEqual(['order-1', 'order-2']);
  });

  it('a request is bounded, and those that were never read come first', () => {
    const known = new KnownSagas();
    const live = seen(0, { isUnderWay: true });
    known.read([live], new Map(), 0);
    const many = Array.from({ length: ORDERS_A_READ }, (_, number) => seen(number + 1));
    const { orders } = dueNow([live, ...many], known.all, SAGAS_EVERY_MS * 9);
    expect(ids(orders)).toEqual(ids(many));
  });

  it('an order is under way while it is pending, or something changes it', () => {
    const order = (status: Order['status'], change: unknown = null) =>
      seenOrder({ id: 'o', version: 1, status, change } as Order);
    expect(['PENDING', 'CONFIRMED', 'REJECTED'].map((status) => order(status as Order['status']).isUnderWay)).toEqual([
      ...[true, false, false],
    ]);
    expect(order('CONFIRMED', { kind: 'revision' }).isUnderWay).toBe(true);
  });

  it('what is known is bounded', () => {
    const known = new KnownSagas();
    known.read(
      Array.from({ length: 6_000 }, (_, number) => seen(number)),
      new Map(),
      0,
    );
    expect([known.all.size, known.all.has('order-5999')]).toEqual([5_000, true]);
  });
});

describe('the reader', () => {
  let reader: SagaReader | undefined;
  afterEach(() => reader?.end());
  const reading = (
    answer: (ids: readonly string[], cursor: string | undefined) => SagaPageOf | Promise<SagaPageOf>,
  ) => {
    const known = new KnownSagas();
    const asked: (readonly string[])[] = [];
    reader = new SagaReader({
      known,
      ask: async (orderIds, cursor) => {
        asked.push(orderIds);
        return answer(orderIds, cursor);
      },
    });
    return { known, asked, reader };
  };
  const page = (...items: readonly SagaSummary[]): SagaPageOf => ({ items, nextCursor: null });

  it('all rows that are seen are one request, and it is not repeated when nothing can have moved', async () => {
    const { known, asked, reader } = reading((ids) => page(...ids.map((id) => saga(id))));
    const rows = [seen(1), seen(2), seen(3)];
    reader.want(rows);
    reader.want([...rows]);
    await waitUntil('they are read', () => known.all.size === 3);
    reader.want([...rows]);
    reader.want([...rows, seen(4)]);
    await waitUntil('the other is read', () => known.all.has('order-4'));
    expect(asked).toEqual([['order-1', 'order-2', 'order-3'], ['order-4']]);
  });

  it('rows that were scrolled past while others were asked for are not asked for', async () => {
    let answered: (() => void) | undefined;
    const first = new Promise<void>((resolve) => (answered = resolve));
    const { known, asked, reader } = reading(async (ids) => {
      if (ids.includes('order-1')) await first;
      return page();
    });
    reader.want([seen(1)]);
    await waitUntil('it is asked', () => asked.length === 1);
    reader.want([seen(2)]);
    reader.want([seen(3)]);
    answered?.();
    await waitUntil('the last is read', () => known.all.has('order-3'));
    expect(asked).toEqual([['order-1'], ['order-3']]);
  });

  it('an answer of several pages is read until each order has a saga', async () => {
    const { known, asked, reader } = reading((_, cursor) =>
      cursor === undefined
        ? { items: [saga('order-1', 'COMPLETED', 5), saga('order-1', 'RUNNING', 4)], nextCursor: 'next' }
        : { items: [saga('order-2', 'STUCK', 1)], nextCursor: 'and so on' },
    );
    reader.want([seen(1), seen(2)]);
    await waitUntil('they are read', () => known.all.size === 2);
    expect([...known.all.values()].map((one) => one.saga?.state)).toEqual(['RUNNING', 'STUCK']);
    expect(asked).toHaveLength(2);
  });

  it('while nobody answers that is known, and what was known stays; when nothing is asked for, nobody is away', async () => {
    let isAway = false;
    const { known, reader } = reading((ids) => {
      if (isAway) throw new Error('away');
      return page(...ids.map((id) => saga(id)));
    });
    reader.want([seen(1)]);
    await waitUntil('it is read', () => known.all.size === 1);
    isAway = true;
    reader.want([seen(1, { version: 2 })]);
    await waitUntil('it is away', () => known.isAway);
    expect(known.all.get('order-1')?.saga?.state).toBe('COMPLETED');
    reader.want([]);
    expect(known.isAway).toBe(false);
  });
});
