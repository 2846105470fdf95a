import { Inject, Injectable } from '@nestjs/common';
import type { OrderView } from '@backstep/contracts/http';
import { Lifecycle } from '@backstep/service';
import { Database } from '@backstep/messaging';
import { UnitOfWork } from '@backstep/unit-of-work';
import { OrderMetrics } from '../order-metrics.js';
import { OrderEnded } from '../order/order-ended.js';
import { isTerminal } from '../order/order.rules.js';
import { orderView } from '../order/order.view.js';
import { readOrder } from './order.queries.js';

/** How often the database is asked for an outcome that another instance may have written, milliseconds. */
const ASK_EVERY_MS = 500;
const MS_PER_SECOND = 1_000;

/** Gives waiting requests the outcome of an order: at once when this instance has written it, else by polling the database. */
@Injectable()
export class Outcomes {
  private readonly waiting = new Map<string, Set<(order: OrderView) => void>>();

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
    @Inject(OrderMetrics) metrics: OrderMetrics,
    @Inject(UnitOfWork) unitOfWork: UnitOfWork,
  ) {
    unitOfWork.on(OrderEnded, (orders) => {
      for (const order of orders) {
        if (order.status === 'CONFIRMED') {
          metrics.acceptedToConfirmed.observe((Date.now() - order.createdAt.getTime()) / MS_PER_SECOND);
        }
        this.tell(orderView(order));
      }
    });
  }

  /** @returns the order once it has ended; undefined when it has not within `seconds`, or this process stops. */
  of(orderId: string, seconds: number): Promise<OrderView | undefined> {
    return new Promise((resolve) => {
      const listeners = this.waiting.get(orderId) ?? new Set();
      this.waiting.set(orderId, listeners);
      const settle = (order: OrderView | undefined): void => {
        clearTimeout(timeout);
        clearInterval(asking);
        this.lifecycle.draining.removeEventListener('abort', giveUp);
        listeners.delete(settle);
        if (listeners.size === 0) this.waiting.delete(orderId);
        resolve(order);
      };
      const giveUp = (): void => settle(undefined);
      const ask = (): void => {
        readOrder(this.database, orderId)
          .then((order) => order && isTerminal(order.status) && settle(order))
          .catch(giveUp);
      };
      const timeout = setTimeout(giveUp, seconds * MS_PER_SECOND);
      const asking = setInterval(ask, ASK_EVERY_MS);
      listeners.add(settle);
      this.lifecycle.draining.addEventListener('abort', giveUp);
      // The order may have ended before the listener was added.
      ask();
    });
  }

  private tell(order: OrderView): void {
    for (const listener of this.waiting.get(order.id) ?? []) listener(order);
  }
}
