import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@backstep/messages';
import { comeAgain, type ProblemError, PROBLEMS } from '@backstep/problems';
import { newContext, type RequestContext } from '@backstep/service';
import type { ServiceOrder } from '../representations/order.js';
import { refusal, SERVICE_LIMITS } from '../services/service-client.js';
import { Services } from '../services/services.js';

/** Limits of the way to the order service. */
export const PLACEMENT_LIMITS = {
  /** Requests at a time. While they are under way, what comes gathers for the next. */
  requestsMax: 4,
  perRequestMax: 64,
  /** Below what a service takes in (`HTTP_LIMITS.bodyBytes`), with room for what surrounds it. */
  bytesMax: 60 * 1024,
} as const;

export interface Placement {
  readonly idempotencyKey: string;
  readonly order: unknown;
}

export interface PlacementAnswer {
  readonly order: ServiceOrder;
  readonly replayed: boolean;
}

interface Waiting {
  readonly json: string;
  resolve(answer: PlacementAnswer): void;
  reject(error: unknown): void;
}

type Answer =
  | { readonly status: 202; readonly replayed: boolean; readonly order: ServiceOrder }
  | { readonly status: number; readonly problem: unknown; readonly headers: Readonly<Record<string, string>> };

/**
 * Takes placements to the order service, many with one request when many come at a time, and each at once when few do: a request costs both
 * sides more than an order. When a request fails, none of its placements is known to be placed, and each client is told to ask again; its
 * idempotency key makes that safe.
 */
@Injectable()
export class Placements {
  private readonly queue: Waiting[] = [];
  private requests = 0;

  constructor(@Inject(Services) private readonly services: Services) {}

  /**
   * @throws ProblemError the order service's own, when it refuses this one; `unavailable` with Retry-After when it does not answer, or has
   * as much to do as it may have.
   */
  place({ traceparent }: RequestContext, { idempotencyKey, order }: Placement): Promise<PlacementAnswer> {
    if (this.queue.length >= SERVICE_LIMITS.requestsMax) return Promise.reject(unavailable());
    return new Promise((resolve, reject) => {
      this.queue.push({ json: JSON.stringify({ idempotencyKey, traceparent, order }), resolve, reject });
      if (this.requests < PLACEMENT_LIMITS.requestsMax) {
        this.requests++;
        // What comes with this turn of the event loop goes along.
        setImmediate(() => void this.work());
      }
    });
  }

  private async work(): Promise<void> {
    while (this.queue.length > 0) await this.send(this.next());
    this.requests--;
  }

  private next(): Waiting[] {
    let bytes = 0;
    const tooMany = this.queue.findIndex(({ json }, at) => {
      bytes += Buffer.byteLength(json) + 1;
      return at > 0 && (at === PLACEMENT_LIMITS.perRequestMax || bytes > PLACEMENT_LIMITS.bytesMax);
    });
    return this.queue.splice(0, tooMany === -1 ? this.queue.length : tooMany);
  }

  private async send(placements: readonly Waiting[]): Promise<void> {
    try {
      const { body } = await this.services.order.request<{ answers: readonly Answer[] }>(contextOfMany(), {
        method: 'POST',
        path: '/orders/batch',
        json: `{"placements":[${placements.map(({ json }) => json).join(',')}]}`,
      });
      for (const [at, { resolve, reject }] of placements.entries()) {
        const answer = body.answers[at];
        if (answer && 'order' in answer) resolve({ order: answer.order, replayed: answer.replayed });
        else reject(answer ? refusal(answer.status, answer.problem, (name) => answer.headers[name]) : unavailable());
      }
    } catch (error) {
      for (const { reject } of placements) reject(error);
    }
  }
}

/** Of none of the requests it serves, as it serves many; each placement brings its own. */
const contextOfMany = (): RequestContext => newContext(newId(), undefined);

const unavailable = (): ProblemError =>
  comeAgain(PROBLEMS.unavailable, { detail: 'The order service does not answer.' });
