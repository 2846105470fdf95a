import { ShipmentDelivered, ShipmentHandedOver } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import {
  Handles,
  insert,
  many,
  one,
  update,
  type Change,
  type DecideContext,
  type Loaded,
} from '@backstep/unit-of-work';
import { Reservation } from '../reservation/reservation.entity.js';
import { changeStock } from '../stock/change-stock.js';
import { GoodsIssue } from '../stock/goods-issue.entity.js';
import { Stock } from '../stock/stock.entity.js';
import { remainder, ship, totalBySku } from '../stock/stock.rules.js';

/** Each tells that the goods of an order are out of the house. */
type GoodsLeft = typeof ShipmentHandedOver | typeof ShipmentDelivered;

/**
 * Takes the goods that the carrier has got out of the stock, once: they are neither on hand nor reserved any more. What the reservation
 * holds beside them, because a revision of the order was under way, stays reserved until that revision ends. The delivery is heard too,
 * should Kafka have lost the hand-over.
 */
@Handles(ShipmentHandedOver, ShipmentDelivered)
export class ShipStockHandler {
  needs({ data }: Message<GoodsLeft>) {
    return {
      reservation: one(Reservation, data.orderId),
      issue: one(GoodsIssue, data.orderId),
      stock: many(Stock, [...totalBySku(data.items).keys()]),
    };
  }

  /** @throws Error when the order does not hold what has left: nothing was promised to it, or less, and a person must look */
  decide(
    { data: { orderId, items } }: Message<GoodsLeft>,
    { reservation, issue, stock }: Loaded<ShipStockHandler>,
    { now }: DecideContext,
  ): Change[] {
    if (issue) return [];
    const status = reservation?.status ?? 'not there';
    if (!reservation || status !== 'HELD')
      throw new Error(`the goods of order ${orderId} have left, and its reservation is ${status}`);

    return [
      insert(GoodsIssue, { orderId, items, issuedAt: new Date(now) }),
      update(Reservation, reservation, { status: 'SHIPPED', items: remainder(reservation.items, items) }),
      ...changeStock(orderId, totalBySku(items), stock, ship),
    ];
  }
}
