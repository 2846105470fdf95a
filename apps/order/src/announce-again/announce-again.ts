import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { OrderPlaced } from '@backstep/contracts';
import { CONFIG, Logger } from '@backstep/service';
import { Database, PeriodicJobs } from '@backstep/messaging';
import { emit, one, UnitOfWork, type Change, type LoadedNeeds, type RequestHandler } from '@backstep/unit-of-work';
import type { OrderConfig } from '../config.js';
import { orderPlacedId } from '../order/order-placed-id.js';
import { Order } from '../order/order.entity.js';
import { forgetAnnouncements, takeDueAnnouncements } from './due-announcements.js';

const needs = (id: string) => ({ order: one(Order, id) });

/** OrderPlaced once more, as the same message: whoever has handled it drops it as a duplicate, and who has not begins. */
export class AnnounceAgainHandler implements RequestHandler<string, boolean, ReturnType<typeof needs>> {
  readonly needs = needs;

  decide(orderId: string, { order }: LoadedNeeds<ReturnType<typeof needs>>): { answer: boolean; changes: Change[] } {
    if (order?.status !== 'PENDING') return { answer: false, changes: [] };
    const { currency, total, items, paymentMethod, shippingAddress, traceparent } = order;
    const data = { orderId, currency, total, items: [...items], paymentMethod, shippingAddress };
    return {
      answer: true,
      changes: [emit(OrderPlaced, data, { id: orderPlacedId(orderId), traceparent: traceparent ?? undefined })],
    };
  }
}

/**
 * Kafka acknowledges from the page cache and may lose its disk: an order that is still pending after a while is announced again, so
 * that every accepted order has its saga. What was announced in vain is announced ever more rarely.
 *
 * Everybody who reads the topic is told, and who has heard it drops it: the inbox knows the message's id, and later than it keeps ids
 * the saga's own id, which follows from the order's, is taken. Only the orchestrator reads `OrderPlaced`. Another reader would be
 * told of pending orders too, but not of one that has ended before it could hear: such a reader begins with `GET /v1/orders`.
 */
@Injectable()
export class AnnounceAgain implements OnModuleInit {
  private readonly handler = new AnnounceAgainHandler();

  constructor(
    @Inject(CONFIG) private readonly config: Pick<OrderConfig, 'ANNOUNCE_AGAIN_AFTER_MS'>,
    @Inject(Database) private readonly database: Pick<Database, 'pool'>,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(PeriodicJobs) private readonly jobs: Pick<PeriodicJobs, 'every'>,
    @Inject(Logger) private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  onModuleInit(): void {
    this.jobs.every(this.config.ANNOUNCE_AGAIN_AFTER_MS, 'announce pending orders again', () => this.turn());
  }

  async turn(): Promise<void> {
    await forgetAnnouncements(this.database);
    const due = await takeDueAnnouncements(this.database, this.config.ANNOUNCE_AGAIN_AFTER_MS);
    const outcomes = await Promise.allSettled(due.map((id) => this.unitOfWork.request(this.handler, id)));
    const count = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length;
    if (count > 0) this.logger.warn('announced pending orders again', { count });
    // It has its next turn, as the others have.
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
