import { beforeEach, expect, it } from '@jest/globals';
import { ReleaseStock, ReserveStock, ShipmentDelivered, ShipmentHandedOver } from '@backstep/contracts';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { ReleaseStockHandler } from '../release-stock/release-stock.handler.js';
import { Reservation } from '../reservation/reservation.entity.js';
import { ReserveStockHandler } from '../reserve-stock/reserve-stock.handler.js';
import { GoodsIssue } from '../stock/goods-issue.entity.js';
import { Stock } from '../stock/stock.entity.js';
import { ShipStockHandler } from './ship-stock.handler.js';

/** Goal: goods that the carrier has are neither on hand nor reserved, once, whatever is told or asked again. */
const NOON = Date.UTC(2030, 0, 1, 12);
const ITEMS = [
  { sku: 'cup', quantity: 2 },
  { sku: 'pot', quantity: 1 },
  { sku: 'cup', quantity: 1 },
];
let rows: InMemoryRows;
let orderId: string;
beforeEach(async () => {
  rows = await InMemoryRows.of([Stock, Reservation, GoodsIssue], () => NOON);
  orderId = newId();
  rows.put(Stock, { sku: 'cup', onHand: 10, reserved: 0 });
  rows.put(Stock, { sku: 'pot', onHand: 2, reserved: 0 });
});

const reserve = () => rows.handle(new ReserveStockHandler(), aMessage(ReserveStock, { orderId, items: ITEMS }));
const release = () => rows.handle(new ReleaseStockHandler(), aMessage(ReleaseStock, { orderId, items: ITEMS }));
const leave = (definition: typeof ShipmentHandedOver | typeof ShipmentDelivered = ShipmentHandedOver, items = ITEMS) =>
  rows.handle(
    new ShipStockHandler(),
    aMessage(definition, { orderId, shipmentId: newId(), trackingNumber: 'BS1', items }),
  );
const stock = () =>
  rows
    .all(Stock)
    .map(({ sku, onHand, reserved }) => `${sku} ${reserved} of ${onHand}`)
    .sort();
const everything = () => [rows.all(Stock), rows.all(Reservation), rows.all(GoodsIssue)];

it('the goods of a parcel that is handed over are not on hand and not reserved any more', () => {
  reserve();
  expect(leave()).toEqual([]);
  expect(stock()).toEqual(['cup 0 of 7', 'pot 0 of 1']);
  expect(rows.find(Reservation, orderId)).toMatchObject({ status: 'SHIPPED', items: [] });
  expect(rows.find(GoodsIssue, orderId)).toMatchObject({ items: ITEMS, issuedAt: new Date(NOON) });
});

it('the delivery takes the goods out of the stock when the hand-over was lost, and not once more when it was heard', () => {
  reserve();
  leave(ShipmentDelivered);
  expect(stock()).toEqual(['cup 0 of 7', 'pot 0 of 1']);
  const before = everything();
  leave(ShipmentHandedOver);
  leave(ShipmentDelivered);
  expect(everything()).toEqual(before);
});

it('a ReleaseStock after the hand-over is answered, and nothing moves', () => {
  reserve();
  leave();
  const before = everything();
  expect(release()).toMatchObject([{ type: 'StockReleased', data: { orderId, items: [] } }]);
  expect(everything()).toEqual(before);
});

it('a repeated ReserveStock after the hand-over gets its first answer, and nothing moves', () => {
  const [first] = reserve();
  leave();
  const before = everything();
  expect(reserve()).toMatchObject([{ type: 'StockReserved', data: first?.data }]);
  expect(everything()).toEqual(before);
});

it('what a reservation holds beside the goods that leave stays reserved', () => {
  reserve();
  leave(ShipmentHandedOver, [{ sku: 'cup', quantity: 1 }]);
  expect(stock()).toEqual(['cup 2 of 9', 'pot 1 of 2']);
  expect(rows.find(Reservation, orderId)?.items).toEqual([
    { sku: 'cup', quantity: 2 },
    { sku: 'pot', quantity: 1 },
  ]);
});

it.each<[string, () => void, typeof ITEMS]>([
  ['an order without a reservation', () => undefined, ITEMS],
  ['an order whose reservation is released', () => (reserve(), release()), ITEMS],
  ['more than the order holds', () => reserve(), [{ sku: 'cup', quantity: 4 }]],
])('goods of %s do not leave the stock: a person must look', (_, given, items) => {
  given();
  const before = everything();
  expect(() => leave(ShipmentHandedOver, items)).toThrow();
  expect(everything()).toEqual(before);
});
