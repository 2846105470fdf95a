import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '@backstep/simulation';
import type { Orders } from './orders.js';
import type { Endings } from './outcomes.js';
import { Samples } from './samples.js';
import { Shop, type Answer } from './shop.js';

/** Closed: so many clients, each with one order at a time. Open: so many orders a second, whatever becomes of them. */
export type LoadShape =
  { readonly kind: 'closed'; readonly clients: number } | { readonly kind: 'open'; readonly perSecond: number };

/** More requests under way than that wait in the client, and are measured waiting. */
const CONNECTIONS_MAX = 1_024;
/** After a refusal that does not say when to come again. */
const COME_AGAIN_MS = 100;
const COME_AGAIN_MAX_MS = 1_000;
/** Timers are no finer than that. */
const TICK_MS = 1;
/** What was accepted has ended by then, or counts as unfinished. */
const END_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 20;
const SEED = 1;

/** What was not accepted. */
export interface Refusals {
  /** 429 or 503, with a `Retry-After`. */
  later: number;
  /** Any other answer, by its status; `no answer` for none. */
  otherwise: Record<string, number>;
}

/** Orders until it is told to stop. */
export class Load {
  readonly samples = new Samples();
  readonly refusals: Refusals = { later: 0, otherwise: {} };
  private readonly shop: Shop;
  private readonly random = new Random(SEED);
  private working: Promise<unknown> = Promise.resolve();
  private stopped = false;

  constructor(
    gatewayUrls: readonly string[],
    private readonly outcomes: Endings,
    private readonly orders: Orders,
    private readonly shape: LoadShape,
  ) {
    this.shop = new Shop(gatewayUrls, shape.kind === 'closed' ? shape.clients : CONNECTIONS_MAX);
  }

  start(): void {
    const { shape } = this;
    this.working =
      shape.kind === 'closed'
        ? Promise.all(Array.from({ length: shape.clients }, () => this.client()))
        : this.arrivals(shape.perSecond);
  }

  /** No more orders. Waits until all that were accepted have ended, but not for ever. @returns how many have not */
  async stop(): Promise<number> {
    this.stopped = true;
    const until = performance.now() + END_WITHIN_MS;
    await Promise.race([this.working, delay(END_WITHIN_MS, undefined, { ref: false })]);
    while (this.outcomes.open > 0 && performance.now() < until) await delay(LOOK_EVERY_MS);
    this.shop.close();
    const unfinished = this.outcomes.open;
    this.outcomes.forget();
    return unfinished;
  }

  private async client(): Promise<void> {
    while (!this.stopped) {
      const { answer, ended } = await this.order(performance.now());
      if (answer.status === 202) await ended;
      else await delay(Math.min(answer.retryAfterMs ?? COME_AGAIN_MS, COME_AGAIN_MAX_MS));
    }
  }

  /** A Poisson process: the gaps are exponential, so orders come in bunches as they do in life. */
  private async arrivals(perSecond: number): Promise<void> {
    const underWay = new Set<Promise<unknown>>();
    for (let due = performance.now(); !this.stopped; due += (-Math.log(1 - this.random.next()) / perSecond) * 1_000) {
      const early = due - performance.now();
      if (early > TICK_MS) await delay(early);
      const order: Promise<unknown> = this.order(due).finally(() => underWay.delete(order));
      underWay.add(order);
    }
    await Promise.all(underWay);
  }

  /** @param startedAt when it was meant to be placed */
  private async order(startedAt: number): Promise<{ answer: Answer; ended: Promise<void> }> {
    const answer = await this.shop.place(this.orders(this.random));
    const acceptedAt = performance.now();
    const { status, orderId } = answer;
    if (status !== 202 || orderId === undefined) {
      this.refused(answer);
      return { answer, ended: Promise.resolve() };
    }
    const ended = new Promise<void>((resolve) => {
      this.outcomes.whenEnded(orderId, (ending, endedAt) => {
        this.samples.add({ startedAt, acceptedAt, endedAt, ending });
        resolve();
      });
    });
    return { answer, ended };
  }

  private refused({ status, retryAfterMs }: Answer): void {
    const { refusals } = this;
    if ((status === 429 || status === 503) && retryAfterMs !== undefined) {
      refusals.later++;
    } else {
      const how = status === 0 ? 'no answer' : `status ${status}`;
      refusals.otherwise[how] = (refusals.otherwise[how] ?? 0) + 1;
    }
  }
}
