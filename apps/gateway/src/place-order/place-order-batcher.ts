import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@backstep/messages';
import {
  type OrderToPlace,
  PLACE_ORDERS,
  type PlacedOrder,
  type PlaceOrderResult,
  PlaceOrdersAnswer,
  placeOrdersJson,
} from '@backstep/contracts/http';
import { comeAgain, type ProblemError, PROBLEMS } from '@backstep/problems';
import { newContext, type RequestContext } from '@backstep/service';
import { SERVICE_LIMITS } from '../services/service-client.js';
import { Services } from '../services/services.js';

const MS_PER_SECOND = 1_000;

/** Limits of requests to the order service. */
export const BATCH_LIMITS = {
  /** Concurrent requests. Orders that come meanwhile share the next one. */
  requestsMax: 4,
  /** Bytes of a body: below the limit of a service (`HTTP_LIMITS.bodyBytes`), with room for what surrounds the orders. */
  bytesMax: 60 * 1024,
} as const;

type AskedFor = Pick<OrderToPlace, 'idempotencyKey' | 'order'>;

interface Waiting {
  readonly context: RequestContext;
  /** The JSON of an `OrderToPlace`. */
  readonly json: string;
  resolve(placed: PlacedOrder): void;
  reject(error: unknown): void;
}

/**
 * Sends orders to the order service in lists, since a request costs both sides more than an order: many orders in one request under load, and
 * each at once otherwise. When a request fails, it is unknown which of its orders are placed. Each client then gets 503 with Retry-After, and
 * its idempotency key makes the repetition safe.
 */
@Injectable()
export class PlaceOrderBatcher {
  private readonly queue: Waiting[] = [];
  private requests = 0;

  constructor(@Inject(Services) private readonly services: Services) {}

  /**
   * @param waitSeconds how long the answer waits for the order's outcome. Above 0 the order is a list of its own, so that it delays no other.
   * @throws ProblemError the order service's own, when it refuses this order; `unavailable` with Retry-After when the service does not answer
   * or is overloaded. UnexpectedAnswerError.
   */
  place(context: RequestContext, { idempotencyKey, order }: AskedFor, waitSeconds = 0): Promise<PlacedOrder> {
    if (this.queue.length >= SERVICE_LIMITS.requestsMax) return Promise.reject(unavailable());
    const { requestId, traceparent } = context;
    const json = JSON.stringify({ idempotencyKey, requestId, traceparent, order } satisfies OrderToPlace);
    return new Promise((resolve, reject) => {
      const waiting = { context, json, resolve, reject };
      if (waitSeconds > 0) void this.send([waiting], waitSeconds);
      else this.enqueue(waiting);
    });
  }

  private enqueue(waiting: Waiting): void {
    this.queue.push(waiting);
    if (this.requests >= BATCH_LIMITS.requestsMax) return;
    this.requests++;
    // One turn of the event loop, so that orders that come in it share the request.
    setImmediate(() => void this.work());
  }

  private async work(): Promise<void> {
    while (this.queue.length > 0) await this.send(this.next(), 0);
    this.requests--;
  }

  private next(): Waiting[] {
    let bytes = 0;
    const tooMany = this.queue.findIndex(({ json }, at) => {
      bytes += Buffer.byteLength(json) + 1;
      return at > 0 && (at === PLACE_ORDERS.ordersMax || bytes > BATCH_LIMITS.bytesMax);
    });
    return this.queue.splice(0, tooMany === -1 ? this.queue.length : tooMany);
  }

  private async send(orders: readonly Waiting[], waitSeconds: number): Promise<void> {
    try {
      const { body } = await this.services.order.request(contextOf(orders), {
        answer: PlaceOrdersAnswer,
        method: 'POST',
        path: PLACE_ORDERS.path,
        json: placeOrdersJson(
          orders.map(({ json }) => json),
          waitSeconds,
        ),
        answerMs: waitSeconds * MS_PER_SECOND + SERVICE_LIMITS.answerMs,
      });
      for (const [at, waiting] of orders.entries()) this.settle(waiting, body.results[at]);
    } catch (error) {
      for (const { reject } of orders) reject(error);
    }
  }

  private settle({ context, resolve, reject }: Waiting, result: PlaceOrderResult | undefined): void {
    if (result === undefined) reject(unavailable());
    else if ('order' in result) resolve(result);
    else {
      const { problem, headers } = result;
      reject(this.services.order.problem(context, problem.status, problem, (name) => headers[name]));
    }
  }
}

/** A request of many orders has a trace of its own; each order carries its client's request id and traceparent. */
function contextOf(orders: readonly Waiting[]): RequestContext {
  const [first, second] = orders;
  return first && !second ? first.context : newContext(newId(), undefined);
}

const unavailable = (): ProblemError =>
  comeAgain(PROBLEMS.unavailable, { detail: 'The order service does not answer.' });
