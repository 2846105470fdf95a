import { beforeEach, describe, expect, it } from '@jest/globals';
import { newId, type DataOf, type Message } from '@backstep/messages';
import { ReleaseStock, ReserveStock } from '@backstep/contracts';
import { aMessage } from '@backstep/messages/testing';
import { ContradictoryCommandError } from '@backstep/unit-of-work';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { Product } from '../product/product.entity.js';
import { ReleaseStockHandler } from '../release-stock/release-stock.handler.js';
import { Reservation } from '../reservation/reservation.entity.js';
import { Adjustment } from '../stock/adjustment.entity.js';
import { Stock } from '../stock/stock.entity.js';
import { ReserveStockHandler } from './reserve-stock.handler.js';

/** Goal: all lines are held or none; the same question gets the same answer; a release undoes what was held, whatever came first. */
type Items = DataOf<typeof ReserveStock>['items'];
let rows: InMemoryRows;
let orderId: string;
beforeEach(async () => {
  rows = await InMemoryRows.of([Product, Stock, Adjustment, Reservation]);
  orderId = newId();
  rows.put(Stock, { sku: 'cup', onHand: 10, reserved: 4 });
  rows.put(Stock, { sku: 'pot', onHand: 2, reserved: 0 });
});

const lines = (...items: [sku: string, quantity: number][]): Items =>
  items.map(([sku, quantity]) => ({ sku, quantity }));
const told = ([event, ...others]: Message[]) => {
  expect(others).toEqual([]);
  if (!event) throw new Error('nothing was said');
  return event;
};
const reserve = (items: Items, id = orderId) =>
  told(rows.handle(new ReserveStockHandler(), aMessage(ReserveStock, { orderId: id, items })));
const release = (items: Items, id = orderId) =>
  told(rows.handle(new ReleaseStockHandler(), aMessage(ReleaseStock, { orderId: id, items })));
const reserved = (sku: string) => rows.find(Stock, sku)?.reserved;
const everything = () => [rows.all(Stock), rows.all(Reservation)];

describe('an order that can be had', () => {
  it('an order that is in stock is reserved with all its lines', () => {
    expect(reserve(lines(['cup', 6], ['pot', 1]))).toMatchObject({
      type: 'StockReserved',
      aggregateVersion: 1,
      data: { orderId, items: lines(['cup', 6], ['pot', 1]) },
    });
    expect([reserved('cup'), reserved('pot')]).toEqual([10, 1]);
    expect(rows.find(Reservation, orderId)).toMatchObject({ status: 'HELD', short: [] });
  });

  it('an order may name one SKU on several lines', () => {
    expect(reserve(lines(['cup', 2], ['cup', 3])).type).toBe('StockReserved');
    expect(reserved('cup')).toBe(9);
  });

  it('the answer to a reservation carries the saga and the id of its command', () => {
    const command = aMessage(ReserveStock, { orderId, items: lines(['cup', 1]) });
    const { sagaId, commandId, id } = command;
    expect(told(rows.handle(new ReserveStockHandler(), command))).toMatchObject({
      sagaId,
      commandId,
      causationId: id,
      subject: orderId,
    });
  });

  it('a repeated command is answered again, and nothing more is reserved', () => {
    reserve(lines(['cup', 6]));
    const before = everything();
    expect(reserve(lines(['cup', 6]))).toMatchObject({ type: 'StockReserved', data: { items: lines(['cup', 6]) } });
    expect(everything()).toEqual(before);
  });
});

describe('an order that is short', () => {
  it('an order that is short of one line is refused with the missing quantity, and nothing is reserved', () => {
    expect(reserve(lines(['cup', 2], ['pot', 3]))).toMatchObject({
      type: 'StockRejected',
      data: { orderId, reason: 'out_of_stock', short: [{ sku: 'pot', requested: 3, available: 2 }] },
    });
    expect([reserved('cup'), reserved('pot')]).toEqual([4, 0]);
  });

  it('an order whose lines of one SKU together exceed the stock is refused', () => {
    expect(reserve(lines(['cup', 3], ['cup', 4]))).toMatchObject({
      data: { short: [{ sku: 'cup', requested: 7, available: 6 }] },
    });
  });

  it('an order of an unknown SKU is refused', () => {
    expect(reserve(lines(['jar', 1]))).toMatchObject({ data: { short: [{ sku: 'jar', requested: 1, available: 0 }] } });
  });

  it('a refused order stays refused when its command is repeated, even if goods have come in since', () => {
    const first = reserve(lines(['pot', 3]));
    rows.put(Stock, { sku: 'pot', onHand: 100, reserved: 0 });
    expect(reserve(lines(['pot', 3])).data).toEqual(first.data);
    expect(reserved('pot')).toBe(0);
  });

  it('a release of a refused order releases nothing', () => {
    reserve(lines(['pot', 3]));
    expect(release(lines(['pot', 3]))).toMatchObject({ type: 'StockReleased', data: { items: [] } });
    expect(rows.find(Reservation, orderId)?.status).toBe('REJECTED');
  });
});

describe('a release', () => {
  it('a release returns all that was reserved, once', () => {
    reserve(lines(['cup', 6], ['pot', 1]));
    expect(release(lines(['cup', 6], ['pot', 1]))).toMatchObject({
      type: 'StockReleased',
      aggregateVersion: 2,
      data: { items: lines(['cup', 6], ['pot', 1]) },
    });
    expect([reserved('cup'), reserved('pot')]).toEqual([4, 0]);
    expect(release(lines(['cup', 6], ['pot', 1]))).toMatchObject({ type: 'StockReleased', data: { items: [] } });
    expect([reserved('cup'), reserved('pot')]).toEqual([4, 0]);
  });

  it('a release that comes before its reservation is kept, and the late reservation is refused', () => {
    expect(release(lines(['cup', 1]))).toMatchObject({ type: 'StockReleased', data: { items: [] } });
    expect(reserve(lines(['cup', 1]))).toMatchObject({
      type: 'StockRejected',
      data: { reason: 'released_first', short: [] },
    });
    expect(reserved('cup')).toBe(4);
  });

  it('a release after the order has ended changes nothing, and neither does a later reservation', () => {
    reserve(lines(['cup', 1]));
    release(lines(['cup', 1]));
    const before = everything();
    expect(reserve(lines(['cup', 1]))).toMatchObject({ type: 'StockRejected', data: { reason: 'released_first' } });
    expect(everything()).toEqual(before);
  });
});

describe('a command with other lines than the order is known by contradicts that', () => {
  const OTHERS: [string, Items][] = [
    ['more', lines(['cup', 3], ['pot', 1])],
    ['less', lines(['cup', 1], ['pot', 1])],
    ['a SKU less', lines(['cup', 2])],
    ['a SKU more', lines(['cup', 2], ['pot', 1], ['jar', 1])],
    ['another SKU', lines(['cup', 2], ['jar', 1])],
  ];
  const known = lines(['cup', 2], ['pot', 1]);

  it.each(OTHERS)('a command with %s is not answered and changes nothing', (_, items) => {
    reserve(known);
    const before = everything();
    for (const command of [reserve, release]) expect(() => command(items)).toThrow(ContradictoryCommandError);
    expect(everything()).toEqual(before);
  });

  it.each([
    ['refused', () => reserve(lines(['pot', 3]))],
    ['released before it was reserved', () => release(lines(['pot', 3]))],
  ])('a contradicting command is refused also when the order was %s', (_, before) => {
    before();
    expect(() => reserve(lines(['pot', 1]))).toThrow('ReserveStock contradicts what is known: items 3 pot, not 1 pot');
    expect(() => release(lines(['pot', 1]))).toThrow(ContradictoryCommandError);
  });

  it('a command with the same quantities spread over other lines does not contradict', () => {
    reserve(known);
    expect(reserve(lines(['pot', 1], ['cup', 1], ['cup', 1]))).toMatchObject({ type: 'StockReserved' });
    expect(release(lines(['pot', 1], ['cup', 2]))).toMatchObject({ type: 'StockReleased', data: { items: known } });
  });
});
