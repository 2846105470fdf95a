import { expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { ReleaseStock, ReserveStock, ShipmentHandedOver } from '@backstep/contracts';
import { aMessage } from '@backstep/messages/testing';
import { InMemoryRows, offlineTables } from '@backstep/unit-of-work/testing';
import fc from 'fast-check';
import { AdjustStockHandler } from '../adjust-stock/adjust-stock.handler.js';
import { ListProductHandler } from '../list-product/list-product.handler.js';
import { Product } from '../product/product.entity.js';
import { ReleaseStockHandler } from '../release-stock/release-stock.handler.js';
import { Reservation } from '../reservation/reservation.entity.js';
import { ReserveStockHandler } from '../reserve-stock/reserve-stock.handler.js';
import { ShipStockHandler } from '../ship-stock/ship-stock.handler.js';
import { Adjustment } from './adjustment.entity.js';
import { GoodsIssue } from './goods-issue.entity.js';
import { Stock } from './stock.entity.js';
import { totalBySku } from './stock.rules.js';

/**
 * Goal: whatever is asked in whatever order, stock adds up (I5, I6): 0 ≤ reserved ≤ on hand; reserved is what the held reservations
 * hold, on hand is the sum of the adjustments less what has left the house. Method: random commands, repeated and out of order, through the real handlers.
 */
const SKUS = ['cup', 'pot', 'jar'] as const;
const ORDERS = Array.from({ length: 5 }, () => newId());

const sku = fc.constantFrom(...SKUS);
const items = fc.array(
  fc.record({ sku: fc.constantFrom(...SKUS, 'unknown'), quantity: fc.integer({ min: 1, max: 6 }) }),
  { minLength: 1, maxLength: 4 },
);
/** An order always asks for the same: its commands come from one saga. */
const orders = fc.tuple(...ORDERS.map((orderId) => items.map((lines) => ({ orderId, items: lines }))));
const order = fc.nat({ max: ORDERS.length - 1 });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('reserve' as const), order }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('release' as const), order }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('ship' as const), order }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('adjust' as const), sku, delta: fc.integer({ min: -12, max: 12 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('list' as const), sku, onHand: fc.nat({ max: 15 }) }) },
);

function assertAddsUp(rows: InMemoryRows): void {
  const held = rows.all(Reservation).filter(({ status }) => status === 'HELD');
  for (const stock of rows.all(Stock)) {
    expect(stock.reserved).toBeGreaterThanOrEqual(0);
    expect(stock.reserved).toBeLessThanOrEqual(stock.onHand);
    expect(stock.reserved).toBe(
      held.reduce((sum, { items: lines }) => sum + (totalBySku(lines).get(stock.sku) ?? 0), 0),
    );
    const deltas = rows.all(Adjustment).filter((adjustment) => adjustment.sku === stock.sku);
    const left = rows.all(GoodsIssue).map(({ items: lines }) => totalBySku(lines).get(stock.sku) ?? 0);
    const shipped = left.reduce((sum, quantity) => sum + quantity, 0);
    expect(stock.onHand).toBe(deltas.reduce((sum, { delta }) => sum + delta, 0) - shipped);
  }
}

it('stock adds up after every command', async () => {
  const tables = await offlineTables([Product, Stock, Adjustment, Reservation, GoodsIssue]);
  fc.assert(
    fc.property(orders, fc.array(step, { maxLength: 60 }), (asked, steps) => {
      const rows = new InMemoryRows(tables);
      const answers = new Map<string, string>();
      for (const happens of steps) {
        switch (happens.do) {
          case 'reserve': {
            const data = asked[happens.order];
            if (!data) throw new Error('no such order');
            const [event] = rows.handle(new ReserveStockHandler(), aMessage(ReserveStock, data));
            // The same question gets the same answer, until the order is released.
            const answer = JSON.stringify([event?.type, event?.data]);
            if (rows.find(Reservation, data.orderId)?.status !== 'RELEASED') {
              expect(answers.get(data.orderId) ?? answer).toBe(answer);
              answers.set(data.orderId, answer);
            }
            break;
          }
          case 'release': {
            const data = asked[happens.order];
            if (!data) throw new Error('no such order');
            const [event] = rows.handle(new ReleaseStockHandler(), aMessage(ReleaseStock, data));
            expect(event?.type).toBe('StockReleased');
            expect(rows.find(Reservation, data.orderId)?.status).not.toBe('HELD');
            break;
          }
          case 'ship': {
            // Only what is reserved is handed over; it may be told twice.
            const data = asked[happens.order];
            const status = data && rows.find(Reservation, data.orderId)?.status;
            if (!data || (status !== 'HELD' && status !== 'SHIPPED')) break;
            const parcel = { ...data, shipmentId: data.orderId, trackingNumber: 'BS1' };
            expect(rows.handle(new ShipStockHandler(), aMessage(ShipmentHandedOver, parcel))).toEqual([]);
            break;
          }
          case 'adjust':
            rows.request(new AdjustStockHandler(), {
              adjustmentId: newId(),
              sku: happens.sku,
              delta: happens.delta,
              reason: 'counted',
            });
            break;
          case 'list': {
            const known = rows.find(Product, happens.sku);
            rows.request(new ListProductHandler(), {
              sku: happens.sku,
              edit: { name: happens.sku, currency: 'EUR', price: 100 },
              onHand: happens.onHand,
              basis: known?.version,
              adjustmentId: newId(),
            });
            break;
          }
        }
        assertAddsUp(rows);
      }
    }),
    { numRuns: 150 },
  );
});
