import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@backstep/messages';
import {
  type OrderToPlace,
  PLACE_ORDERS,
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

interface Waiting {
  readonly context: RequestContext;
  /** The JSON of an `OrderToPlace`. */
  readonly json: string;
  resolve(result: PlaceOrderResult): void;
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
   * @throws ProblemError the order service's own, when it refuses the whole request; `unavailable` with Retry-After when the service does not
   * answer. UnexpectedAnswerError.
   */
  place(context: RequestContext, order: OrderToPlace, waitSeconds: number): Promise<PlaceOrderResult> {
    if (this.queue.length >= SERVICE_LIMITS.requestsMax) return Promise.reject(notAnswered());
    const json = JSON.stringify(order);
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
        answerMs: answerWithinMs(waitSeconds),
      });
      for (const [at, { resolve, reject }] of orders.entries()) {
        const result = body.results[at];
        if (result === undefined) reject(notAnswered());
        else resolve(result);
      }
    } catch (error) {
      for (const { reject } of orders) reject(error);
    }
  }
}

/** A request of many orders has a trace of its own; each order carries its client's request id and traceparent. */
function contextOf(orders: readonly Waiting[]): RequestContext {
  const [first, second] = orders;
  return first && !second ? first.context : newContext(newId(), undefined);
}

/** The deadline of an order that waits so long for its outcome. */
export const answerWithinMs = (waitSeconds: number): number => waitSeconds * MS_PER_SECOND + SERVICE_LIMITS.answerMs;

/** Whether the order is placed is unknown. */
export const notAnswered = (): ProblemError =>
  comeAgain(PROBLEMS.unavailable, { detail: 'The order service does not answer.' });
