import { ReserveStock, StockRejected, StockReserved } from '@backstep/contracts';
import type { Message } from '@backstep/messages';
import { Handles, insert, many, reply, update, type Change, type Loaded, one } from '@backstep/unit-of-work';
import { Reservation } from '../reservation/reservation.entity.js';
import { refuseOther } from '../reservation/refuse-other.js';
import { Stock } from '../stock/stock.entity.js';
import { reserve, shortages, totalBySku } from '../stock/stock.rules.js';

/** Reserves all lines of an order or none. A repeated command gets the stored answer; a command with other lines is parked. */
@Handles(ReserveStock)
export class ReserveStockHandler {
  needs({ data }: Message<typeof ReserveStock>) {
    return { reservation: one(Reservation, data.orderId), stock: many(Stock, [...totalBySku(data.items).keys()]) };
  }

  decide(command: Message<typeof ReserveStock>, { reservation, stock }: Loaded<ReserveStockHandler>): Change[] {
    const { orderId, items } = command.data;
    if (reservation) {
      refuseOther('ReserveStock', items, reservation);
      return [answerAgain(command, reservation)];
    }

    const asked = totalBySku(items);
    const short = shortages(asked, stock);
    if (short.length > 0) {
      const rejected = insert(Reservation, { orderId, status: 'REJECTED', items, short });
      return [rejected, reply(command, StockRejected, { orderId, reason: 'out_of_stock', short }, { of: rejected })];
    }
    const held = insert(Reservation, { orderId, status: 'HELD', items, short: [] });
    const taken = [...stock.values()].map((row) => update(Stock, row, reserve(row, asked.get(row.sku) ?? 0)));
    return [held, ...taken, reply(command, StockReserved, { orderId, items }, { of: held })];
  }
}

function answerAgain(command: Message<typeof ReserveStock>, { orderId, status, items, short }: Reservation): Change {
  switch (status) {
    case 'HELD':
      return reply(command, StockReserved, { orderId, items: [...items] });
    case 'SHIPPED':
      return reply(command, StockReserved, { orderId, items: command.data.items });
    case 'REJECTED':
      return reply(command, StockRejected, { orderId, reason: 'out_of_stock', short: [...short] });
    case 'RELEASED':
      return reply(command, StockRejected, { orderId, reason: 'released_first', short: [] });
  }
}
