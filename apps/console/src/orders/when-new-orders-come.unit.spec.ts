import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Order, OrderStatus } from '../api/types.js';
import type { OrderChange } from '../stream/events.js';
import { isIncomplete, KnownOrders, latestOf } from './known-orders.js';
import { mergedOrders } from './merged-orders.js';

/**
 * Goal: no row moves by itself, and each shows the newest that is known of its order, however what is known has come. Method: pages beside the
 * latest first page and what a stream tells, in any order and repetition.
 */
const order = (number: number, version = 1, status: OrderStatus = 'PENDING'): Order =>
  ({ id: `order-${number}`, version, status, createdAt: new Date(number * 1_000).toISOString() }) as Order;
const change = (number: number, version: number | null, status: OrderStatus | null): OrderChange => ({
  id: `order-${number}`,
  version,
  status,
});
const knownOf = (...changes: readonly OrderChange[]): KnownOrders => {
  const known = new KnownOrders();
  known.tell(changes);
  return known;
};
const pages = [
  [order(9), order(8)],
  [order(7), order(6)],
];

describe('a list beside its latest first page', () => {
  const none = new KnownOrders().all;

  it('orders that came since the list was read wait, and are counted', () => {
    const { shown, waiting } = mergedOrders(pages, { newest: [order(11), order(10), order(9)], known: none });
    expect(shown.map(({ id }) => id)).toEqual(['order-9', 'order-8', 'order-7', 'order-6']);
    expect(waiting).toBe(2);
  });

  it('the higher version of an order is shown, whichever request brought it', () => {
    expect(mergedOrders(pages, { newest: [order(9, 3)], known: none }).shown[0]?.version).toBe(3);
    expect(mergedOrders([[order(9, 4)]], { newest: [order(9, 3)], known: none }).shown[0]?.version).toBe(4);
  });

  it('older orders of the latest page are no new ones', () => {
    expect(mergedOrders([[order(9)]], { newest: [order(9), order(5)], known: none }).waiting).toBe(0);
  });

  it('an order that two pages have is shown once', () => {
    expect(mergedOrders([[order(9)], [order(9), order(8)]], { known: none }).shown).toHaveLength(2);
  });
});

describe('a list beside a stream', () => {
  it('a row changes in place, and keeps its place', () => {
    const { all: known } = knownOf(change(8, 2, 'REJECTED'));
    const { shown } = mergedOrders(pages, { known });
    expect(shown.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'order-9 PENDING',
      'order-8 REJECTED',
      'order-7 PENDING',
      'order-6 PENDING',
    ]);
  });

  it('of all orders those that are placed wait; one that is not in the list and has only changed does not', () => {
    const { all: known } = knownOf(change(12, 1, 'PENDING'), change(12, 2, 'CONFIRMED'), change(2, 3, 'CANCELLING'));
    expect(mergedOrders(pages, { known }).waiting).toBe(1);
  });

  it('in a list of one state those wait that have come to be in it', () => {
    const { all: known } = knownOf(change(12, 1, 'PENDING'), change(2, 3, 'CANCELLING'), change(13, 2, 'CANCELLING'));
    expect(mergedOrders(pages, { known, status: 'CANCELLING' }).waiting).toBe(2);
  });

  it('what the list has been read with waits no longer', () => {
    const known = knownOf(change(12, 1, 'PENDING'));
    known.listed();
    // Late, again, and what follows: the order is on a page that has not been read.
    known.tell([change(12, 1, 'PENDING'), change(12, 2, 'CONFIRMED'), change(12, 1, 'PENDING')]);
    expect(mergedOrders(pages, { known: known.all }).waiting).toBe(0);
    expect(mergedOrders(pages, { known: known.all, status: 'CONFIRMED' }).waiting).toBe(1);
    known.listed();
    expect(mergedOrders(pages, { known: known.all, status: 'CONFIRMED' }).waiting).toBe(0);
  });

  it('what is read of an order is shown when it is as new as what was told of it', () => {
    const known = knownOf(change(9, 2, 'REJECTED'));
    expect(isIncomplete(order(9), known.all.get('order-9'))).toBe(true);
    const read = { ...order(9, 2, 'REJECTED'), failure: { code: 'out_of_stock', message: 'none' } } as Order;
    known.read([read]);
    expect(latestOf(order(9), known.all.get('order-9'))).toEqual(read);
    expect(isIncomplete(order(9), known.all.get('order-9'))).toBe(false);
  });

  it('an order that has been confirmed has nothing else to be read', () => {
    expect(isIncomplete(order(9), knownOf(change(9, 2, 'CONFIRMED')).all.get('order-9'))).toBe(false);
    expect(isIncomplete(order(9), knownOf(change(9, 4, 'CONFIRMED')).all.get('order-9'))).toBe(true);
    expect(isIncomplete(order(9), knownOf(change(9, null, null)).all.get('order-9'))).toBe(true);
  });

  it('whatever the order, the repetitions and the lateness of what is told and read, the list is the same', () => {
    const STATES: readonly OrderStatus[] = ['PENDING', 'CONFIRMED', 'REVISING', 'CONFIRMED', 'CANCELLING', 'CANCELLED'];
    /** All that happened, the order first. */
    const events = [5, 7, 9, 12].flatMap((number) => STATES.map((state, index) => change(number, index + 1, state)));
    const reads = [7, 9].flatMap((number) => [1, 3, 6].map((version) => order(number, version, STATES[version - 1])));
    const arrivals = fc
      .array(fc.constantFrom(...events, ...reads), { maxLength: 40 })
      .chain((again) => fc.shuffledSubarray([...events, ...reads, ...again], { minLength: 30 + again.length }));
    const list = (said: readonly (OrderChange | Order)[]) => {
      const known = new KnownOrders();
      for (const one of said) {
        if ('createdAt' in one) known.read([one]);
        else known.tell([one]);
      }
      return mergedOrders(pages, { known: known.all });
    };
    const expected = list([...events, ...reads]);
    expect(expected.shown.map(({ status }) => status)).toEqual(['CANCELLED', 'PENDING', 'CANCELLED', 'PENDING']);
    expect(expected.waiting).toBe(2);
    fc.assert(fc.property(arrivals, (said) => expect(list(said)).toEqual(expected)));
  });

  it('what is known is bounded, and the orders that were heard of last are kept', () => {
    const known = new KnownOrders();
    known.tell(Array.from({ length: 6_000 }, (_, number) => change(number, 1, 'PENDING')));
    expect(known.all.size).toBe(5_000);
    expect(known.all.has('order-5999')).toBe(true);
  });
});
