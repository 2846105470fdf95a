import { expect, it } from '@jest/globals';
import type { Order } from '../api/types.js';
import { mergedOrders } from './merged-orders.js';

/** Goal: no row moves by itself, and each shows the newest that is known of its order. Method: pages beside the latest first page. */
const order = (number: number, version = 1): Order =>
  ({ id: `order-${number}`, version, createdAt: new Date(number * 1_000).toISOString() }) as Order;
const pages = [
  [order(9), order(8)],
  [order(7), order(6)],
];

it('orders that came since the list was read wait, and are counted', () => {
  const { shown, waiting } = mergedOrders(pages, [order(11), order(10), order(9), order(8)]);
  expect(shown.map(({ id }) => id)).toEqual(['order-9', 'order-8', 'order-7', 'order-6']);
  expect(waiting).toBe(2);
});

it('the higher version of an order is shown, whichever request brought it', () => {
  expect(mergedOrders(pages, [order(9, 3)]).shown[0]?.version).toBe(3);
  expect(mergedOrders([[order(9, 4)]], [order(9, 3)]).shown[0]?.version).toBe(4);
});

it('older orders of the latest page are no new ones', () => {
  expect(mergedOrders([[order(9)]], [order(9), order(5)]).waiting).toBe(0);
});

it('an order that two pages have is shown once', () => {
  expect(mergedOrders([[order(9)], [order(9), order(8)]], undefined).shown).toHaveLength(2);
});
