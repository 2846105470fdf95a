import { Inject, Injectable, Optional } from '@nestjs/common';
import {
  LocalOrders,
  type OrderPlacing,
  type OrderToPlace,
  type PlacedOrder,
  type PlaceOrderResult,
} from '@backstep/contracts/http';
import type { RequestContext } from '@backstep/service';
import { SERVICE_LIMITS } from '../services/service-client.js';
import { Services } from '../services/services.js';
import { answerWithinMs, notAnswered, PlaceOrderBatcher } from './place-order-batcher.js';

/**
 * Places orders with the order service: by a call where it runs in this process, by request otherwise. Bound, deadline, results and problems are
 * the same either way.
 */
@Injectable()
export class OrderPlacer {
  private calls = 0;

  constructor(
    @Inject(PlaceOrderBatcher) private readonly batcher: PlaceOrderBatcher,
    @Inject(Services) private readonly services: Services,
    @Optional() @Inject(LocalOrders) private readonly local?: LocalOrders,
  ) {}

  /**
   * @param waitSeconds how long the answer waits for the order's outcome
   * @throws ProblemError the order service's own, when it refuses this order; `unavailable` with Retry-After when the service does not answer
   * or is overloaded. UnexpectedAnswerError.
   */
  async place(
    context: RequestContext,
    { idempotencyKey, order }: Pick<OrderToPlace, 'idempotencyKey' | 'order'>,
    waitSeconds = 0,
  ): Promise<PlacedOrder> {
    const { requestId, traceparent } = context;
    const asked: OrderToPlace = { idempotencyKey, requestId, traceparent, order };
    const placing = this.local?.placing;
    const result = await (placing
      ? this.call(placing, asked, waitSeconds)
      : this.batcher.place(context, asked, waitSeconds));
    if ('order' in result) return result;
    const { problem, headers } = result;
    throw this.services.order.problem(context, problem.status, problem, (name) => headers[name]);
  }

  private async call(placing: OrderPlacing, order: OrderToPlace, waitSeconds: number): Promise<PlaceOrderResult> {
    if (this.calls >= SERVICE_LIMITS.requestsMax) throw notAnswered();
    this.calls++;
    try {
      return await within(answerWithinMs(waitSeconds), placing.place(order, waitSeconds));
    } finally {
      this.calls--;
    }
  }
}

/** The order may be placed all the same: as after a request that was not answered, its idempotency key finds it. */
function within<T>(ms: number, call: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(notAnswered()), ms);
    void call.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
