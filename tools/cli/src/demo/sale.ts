import { randomUUID } from 'node:crypto';
import { ProblemAnswer, type Api } from '../shared/api.js';
import type { Order } from '../shared/representations.js';
import { sampleAddress } from '../shared/sample-address.js';
import { insist, isAway } from './insist.js';
import type { NewProduct } from './products.js';

/** Buyers who have a request under way; the others stand in line at this end. */
const AT_A_TIME = 256;
/** How long a request asks the gateway to hold its answer, seconds. */
const HELD_SECONDS = 10;
const TOLD_WITHIN_MS = 120_000;
const KNOWN_WITHIN_MS = 30_000;
/** Refusals that pass: the service has more to do than it takes, or is away. */
const LATER: ReadonlySet<number> = new Set([429, 503]);
/** The order service learns of a new product from an event. */
const UNKNOWN_SKU = 422;

/** What has become of the buyers so far. */
export interface SaleCount {
  readonly sold: number;
  readonly soldOut: number;
  /** Told something else than these two. */
  readonly otherwise: number;
  readonly waiting: number;
  /** From the opening of the sale until the buyer was told, milliseconds, of all who were told. */
  readonly latencies: readonly number[];
}

export interface SaleOptions {
  readonly api: Api;
  readonly buyers: number;
  readonly stock: number;
  readonly signal: AbortSignal;
}

/** One item, or several, and many buyers who come through the gateway at once, each with a request of its own. */
export class Sale {
  readonly sku = `sale-${randomUUID().slice(0, 8)}`;
  private readonly latencies: number[] = [];
  private sold = 0;
  private soldOut = 0;

  constructor(private readonly options: SaleOptions) {}

  get count(): SaleCount {
    const { latencies, sold, soldOut } = this;
    const told = latencies.length;
    return { sold, soldOut, otherwise: told - sold - soldOut, waiting: this.options.buyers - told, latencies };
  }

  /** Lists the product, and waits until orders of it are taken: one is sold beforehand, of a stock with one more. @throws what the gateway said last */
  async prepare(): Promise<void> {
    const { api, stock, signal } = this.options;
    const product: Omit<NewProduct, 'sku'> = { name: 'Flash sale', currency: 'EUR', price: 1_00, onHand: stock + 1 };
    await api.request('PUT', `/v1/products/${this.sku}`, { body: product });
    const mayChange = (error: unknown): boolean =>
      isLater(error) || (error instanceof ProblemAnswer && error.status === UNKNOWN_SKU);
    const { status } = await this.buy(KNOWN_WITHIN_MS, mayChange, signal);
    if (status !== 'CONFIRMED') throw new Error(`the order before the sale ended ${status}`);
  }

  /** Opens the sale. @returns when every buyer has been told @throws what a buyer was told last, who was told nothing in time */
  async hold(): Promise<SaleCount> {
    const { buyers, signal } = this.options;
    const opened = performance.now();
    let next = 0;
    const serve = async (): Promise<void> => {
      while (next++ < buyers && !signal.aborted) {
        this.told(await this.buy(TOLD_WITHIN_MS, isLater, signal));
        this.latencies.push(performance.now() - opened);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_A_TIME, buyers) }, serve));
    return this.count;
  }

  private told({ status, failure }: Order): void {
    if (status === 'CONFIRMED') this.sold++;
    else if (status === 'REJECTED' && failure?.code === 'out_of_stock') this.soldOut++;
  }

  /** One key for all attempts: when an answer is lost, the next attempt is answered with the same order. */
  private async buy(withinMs: number, mayChange: (error: unknown) => boolean, signal: AbortSignal): Promise<Order> {
    const { api } = this.options;
    const headers = { 'idempotency-key': randomUUID(), prefer: `wait=${HELD_SECONDS}` };
    const body = {
      items: [{ sku: this.sku, quantity: 1 }],
      paymentMethod: 'pm_card_visa',
      shippingAddress: sampleAddress('DE'),
    };
    const until = Date.now() + withinMs;
    const placed = await insist({ withinMs, mayChange, signal }, async () => {
      const options = { headers, body, heldMs: HELD_SECONDS * 1_000 };
      return (await api.request<Order>('POST', '/v1/orders', options)).body;
    });
    if (placed.status !== 'PENDING') return placed;
    return insist({ withinMs: until - Date.now(), mayChange: isNotYet, signal }, async () => {
      const order = await api.get<Order>(`/v1/orders/${placed.id}`);
      if (order.status === 'PENDING') throw new NotYetError(order.id);
      return order;
    });
  }
}

class NotYetError extends Error {
  override readonly name = 'NotYetError';
  constructor(orderId: string) {
    super(`order ${orderId} has not ended`);
  }
}

const isLater = (error: unknown): boolean =>
  isAway(error) || (error instanceof ProblemAnswer && LATER.has(error.status));
const isNotYet = (error: unknown): boolean => isLater(error) || error instanceof NotYetError;
