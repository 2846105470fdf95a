import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { OrderPlaced } from '@backstep/contracts';
import { CONFIG, Logger } from '@backstep/platform';
import { Database, Messaging } from '@backstep/platform/messaging';
import { emit, one, UnitOfWork, type Change, type LoadedNeeds, type RequestHandler } from '@backstep/unit-of-work';
import type { OrderConfig } from '../config.js';
import { Order } from '../order/order.entity.js';

/** Orders announced again in one turn. */
const ANNOUNCE_MAX = 200;

const needs = (id: string) => ({ order: one(Order, id) });

/** OrderPlaced once more, as a new message. A saga that knows the order ignores it; one that does not begins. */
export class AnnounceAgainHandler implements RequestHandler<string, boolean, ReturnType<typeof needs>> {
  readonly needs = needs;

  decide(orderId: string, { order }: LoadedNeeds<ReturnType<typeof needs>>): { answer: boolean; changes: Change[] } {
    if (order?.status !== 'PENDING') return { answer: false, changes: [] };
    const { currency, total, items, paymentMethod, shippingAddress, traceparent } = order;
    const data = { orderId, currency, total, items: [...items], paymentMethod, shippingAddress };
    return { answer: true, changes: [emit(OrderPlaced, data, { traceparent: traceparent ?? undefined })] };
  }
}

/**
 * Kafka acknowledges from the page cache and may lose its disk: an order that is still pending after a while is announced again, so
 * that every accepted order has its saga. Keeps no state: what is pending is all it needs to know.
 */
@Injectable()
export class AnnounceAgain implements OnModuleInit {
  private readonly handler = new AnnounceAgainHandler();

  constructor(
    @Inject(CONFIG) private readonly config: OrderConfig,
    @Inject(Database) private readonly database: Database,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Messaging) private readonly messaging: Messaging,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.messaging.every(this.config.ANNOUNCE_AGAIN_AFTER_MS, 'announce pending orders again', () => this.turn());
  }

  async turn(): Promise<void> {
    const { rows } = await this.database.pool.query<{ id: string }>(
      `SELECT id FROM orders WHERE status = 'PENDING' AND created_at < now() - make_interval(secs => $1::double precision / 1000)
       ORDER BY created_at LIMIT $2`,
      [this.config.ANNOUNCE_AGAIN_AFTER_MS, ANNOUNCE_MAX],
    );
    const announced = await Promise.all(rows.map(({ id }) => this.unitOfWork.request(this.handler, id)));
    const count = announced.filter(Boolean).length;
    if (count > 0) this.logger.warn('announced pending orders again', { count });
  }
}
