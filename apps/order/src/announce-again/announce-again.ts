import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { OrderPlaced } from '@backstep/contracts';
import { CONFIG, Logger } from '@backstep/service';
import { Database, PeriodicJobs } from '@backstep/messaging';
import { emit, one, UnitOfWork, type Change, type LoadedNeeds, type RequestHandler } from '@backstep/unit-of-work';
import type { OrderConfig } from '../config.js';
import { orderPlacedId } from '../order/order-placed-id.js';
import { cancellationOf } from '../order/cancellation.rules.js';
import { Order } from '../order/order.entity.js';
import { isBeingPlaced } from '../order/order.rules.js';
import { requestOf } from '../request-cancellation/request-cancellation.handler.js';
import { AnnounceRevisionHandler } from '../revise-order/announce-revision.handler.js';
import { forgetAnnouncements, takeDueAnnouncements, type DueAnnouncement } from './due-announcements.js';

const needs = (id: string) => ({ order: one(Order, id) });

/** Sends what an order waits for once more, as the same messages. A reader that has handled them drops them as duplicates. */
export class AnnounceAgainHandler implements RequestHandler<string, boolean, ReturnType<typeof needs>> {
  readonly needs = needs;

  decide(_: string, { order }: LoadedNeeds<ReturnType<typeof needs>>): { answer: boolean; changes: Change[] } {
    const changes = order ? [...placedAgain(order), ...cancellationAgain(order)] : [];
    return { answer: changes.length > 0, changes };
  }
}

function placedAgain(order: Order): Change[] {
  if (!isBeingPlaced(order)) return [];
  const { id: orderId, currency, total, items, paymentMethod, shippingAddress, traceparent } = order;
  const data = { orderId, currency, total, items: [...items], paymentMethod, shippingAddress };
  return [emit(OrderPlaced, data, { id: orderPlacedId(orderId), traceparent: traceparent ?? undefined })];
}

function cancellationAgain(order: Order): Change[] {
  const cancellation = cancellationOf(order);
  return cancellation ? [requestOf(order, cancellation.id, order.traceparent ?? undefined)] : [];
}

/**
 * Announces the instance's own orders again that still wait for a saga after a while, so that every accepted order, and every accepted cancellation, has its saga: Kafka acknowledges from the page
 * cache and may lose its disk. The intervals of an order grow with each announcement.
 *
 * A reader that has handled the message drops it: its inbox knows the id. After the retention of the inbox the saga's id, which follows from
 * the order's, exists already. Only the orchestrator reads `OrderPlaced`. Another reader would get pending orders again too, but not an
 * order that has ended before: such a reader begins with `GET /v1/orders`.
 */
@Injectable()
export class AnnounceAgain implements OnModuleInit {
  private readonly handler = new AnnounceAgainHandler();
  private readonly revisions = new AnnounceRevisionHandler();

  constructor(
    @Inject(CONFIG) private readonly config: Pick<OrderConfig, 'ANNOUNCE_AGAIN_AFTER_MS'>,
    @Inject(Database) private readonly database: Pick<Database, 'pool'>,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(PeriodicJobs) private readonly jobs: Pick<PeriodicJobs, 'every'>,
    @Inject(Logger) private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  onModuleInit(): void {
    this.jobs.every(this.config.ANNOUNCE_AGAIN_AFTER_MS, 'announce waiting orders again', () => this.turn());
  }

  async turn(): Promise<void> {
    await forgetAnnouncements(this.database);
    const isOurs = (orderId: string): boolean => this.unitOfWork.isResponsibleFor(orderId);
    const due = await takeDueAnnouncements(this.database, this.config.ANNOUNCE_AGAIN_AFTER_MS, isOurs);
    const outcomes = await Promise.allSettled(due.map((one) => this.announce(one)));
    const count = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length;
    if (count > 0) this.logger.warn('announced waiting orders again', { count });
    // The order has its next turn, as the others have.
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private announce({ id: orderId, revisionId }: DueAnnouncement): Promise<boolean> {
    if (revisionId === null) return this.unitOfWork.request(this.handler, orderId);
    return this.unitOfWork.request(this.revisions, { orderId, revisionId });
  }
}
