import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, Logger } from '@backstep/service';
import { comeAgain, type ProblemError, PROBLEMS } from '@backstep/problems';
import { Database } from '@backstep/messaging';
import { UnitOfWork } from '@backstep/unit-of-work';
import type { OrderConfig } from '../config.js';
import { OrderMetrics } from '../order-metrics.js';
import { OrderEnded } from '../order/order-ended.js';
import { OrderLoad } from './order-load.js';

/** How often the database is asked, while orders come, how many are pending, since other instances place and end orders too. */
const LOOK_EVERY_MS = 1_000;

/** Older pending orders do not count: they wait for a service that is away or for an operator. */
const PENDING = `SELECT count(*)::integer AS count FROM orders WHERE status = 'PENDING' AND created_at > now() - interval '1 minute'`;

/**
 * Admission control: accepts orders that can end soon. Without it an overload makes everything slower: commands time out and are sent again,
 * and fewer orders end than before (proof/bench/README.md has the figures).
 */
@Injectable()
export class AdmissionControl {
  private readonly load: OrderLoad;
  private nextLook = -Infinity;
  private refused = 0;

  constructor(
    @Inject(CONFIG) config: OrderConfig,
    @Inject(Database) private readonly database: Database,
    @Inject(UnitOfWork) unitOfWork: UnitOfWork,
    @Inject(OrderMetrics) private readonly metrics: OrderMetrics,
    @Inject(Logger) private readonly logger: Logger,
  ) {
    this.load = new OrderLoad({ pendingMax: config.PENDING_ORDERS_MAX, waitMaxMs: config.PENDING_MAX_MS });
    unitOfWork.on(OrderEnded, (orders) => this.load.ended(orders.length, performance.now()));
  }

  /** @throws ProblemError `overloaded` with Retry-After when the order would wait too long. */
  admit(): void {
    const now = performance.now();
    if (now >= this.nextLook) void this.look();
    if (this.load.isTooMuch(now)) {
      this.refused++;
      this.metrics.ordersRefused.inc();
      throw overloaded();
    }
    this.load.placed();
  }

  /** When the database does not answer, the last count stays: no order can be placed meanwhile. */
  private async look(): Promise<void> {
    if (this.refused > 0) this.logger.warn('refused orders: more are under way than end soon', { count: this.refused });
    this.refused = 0;
    this.nextLook = Infinity;
    this.load.look();
    try {
      const { rows } = await this.database.pool.query<{ count: number }>(PENDING);
      this.load.saw(rows[0]?.count ?? 0);
    } catch (error) {
      this.logger.debug('could not count the pending orders', { error });
    } finally {
      this.nextLook = performance.now() + LOOK_EVERY_MS;
    }
  }
}

/** 503 with Retry-After; the order was not stored. */
export const overloaded = (): ProblemError =>
  comeAgain(PROBLEMS.overloaded, { detail: 'More orders are under way than can be ended soon.' });
