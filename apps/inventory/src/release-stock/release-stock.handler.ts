import { ReleaseStock, StockReleased } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import { Handles, insert, many, one, reply, update, type Change, type Loaded } from '@backstep/unit-of-work';
import { Reservation } from '../reservation/reservation.entity.js';
import { refuseOther } from '../reservation/refuse-other.js';
import { changeStock } from '../stock/change-stock.js';
import { Stock } from '../stock/stock.entity.js';
import { release, totalBySku } from '../stock/stock.rules.js';

/**
 * Releases what an order has reserved. The command may come before the reservation that it undoes, or without one: the release is stored,
 * and a late reservation is refused.
 */
@Handles(ReleaseStock)
export class ReleaseStockHandler {
  needs({ data }: Message<typeof ReleaseStock>) {
    return { reservation: one(Reservation, data.orderId), stock: many(Stock, [...totalBySku(data.items).keys()]) };
  }

  decide(command: Message<typeof ReleaseStock>, { reservation, stock }: Loaded<ReleaseStockHandler>): Change[] {
    const { orderId, items } = command.data;
    if (!reservation) {
      const never = insert(Reservation, { orderId, status: 'RELEASED', items, short: [] });
      return [never, reply(command, StockReleased, { orderId, items: [] }, { of: never })];
    }
    refuseOther('ReleaseStock', items, reservation);
    if (reservation.status !== 'HELD') return [reply(command, StockReleased, { orderId, items: [] })];

    const released = update(Reservation, reservation, { status: 'RELEASED' });
    return [
      released,
      ...changeStock(orderId, totalBySku(reservation.items), stock, release),
      reply(command, StockReleased, { orderId, items: [...reservation.items] }, { of: released }),
    ];
  }
}
