import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '@backstep/simulation';
import { rowsOf } from '../system/database.js';
import { orUndefined, within } from '../waiting.js';
import { serve } from './customer.js';
import { drawErrand, PRODUCTS } from './mix.js';
import { CustomersRecord } from './record.js';
import type { Shop } from './shop.js';

/** The most concurrent customers; further ones do not begin. */
const CUSTOMERS_MAX = 150;
const LISTED_WITHIN_MS = 60_000;
/** After healing, every waiting customer has an answer within this time. */
const ANSWERED_WITHIN_MS = 60_000;

/** Lists what is sold, and waits until the order service can price it. @throws Error when it cannot in time */
export async function openShop(gatewayUrl: string, orderDatabase: string): Promise<void> {
  for (const { sku, ...product } of PRODUCTS) {
    const listed = await within(LISTED_WITHIN_MS, async () => {
      const options = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(product) };
      const response = await fetch(`${gatewayUrl}/v1/products/${sku}`, options);
      await response.arrayBuffer();
      return response.ok;
    });
    if (!listed) throw new Error(`the product ${sku} could not be listed`);
  }
  const known = await within(LISTED_WITHIN_MS, async () => {
    const prices = await rowsOf(orderDatabase, 'SELECT FROM product_price');
    return prices.length === PRODUCTS.length;
  });
  if (!known) throw new Error('the order service did not learn the prices');
}

/** Orders at a steady rate, by customers who do not give up. */
export class Load {
  readonly record = new CustomersRecord();
  private readonly shop: Shop;
  private readonly inside = new Set<Promise<void>>();
  private readonly closing = new AbortController();
  private open = true;
  private door: Promise<void> | undefined;

  constructor(
    gatewayUrl: string,
    private readonly random: Random,
    private readonly perSecond: number,
    /** Ids of accounts that some orders are paid from. */
    private readonly accounts: readonly string[] = [],
  ) {
    this.shop = { gatewayUrl, record: this.record, closing: this.closing.signal };
  }

  start(): void {
    this.door = this.letIn();
  }

  /** Stops new customers and resolves at once. Those that have begun go on. */
  async shutDoor(): Promise<void> {
    this.open = false;
    await this.door;
  }

  /** Waits until everybody inside has an answer. @returns how many have not. */
  async everybodyOut(): Promise<number> {
    const out = await within(ANSWERED_WITHIN_MS, () => Promise.resolve(this.inside.size === 0));
    const left = out ? 0 : this.inside.size;
    this.closing.abort();
    await Promise.all([...this.inside]);
    return left;
  }

  private async letIn(): Promise<void> {
    const everyMs = 1_000 / this.perSecond;
    for (let next = performance.now(); this.open; next += everyMs) {
      if (this.inside.size < CUSTOMERS_MAX) {
        const errand = drawErrand(this.random, this.accounts);
        const visit: Promise<void> = serve(this.shop, errand).finally(() => this.inside.delete(visit));
        this.inside.add(visit);
        void orUndefined(() => visit);
      }
      // After a pause of this process the missed orders are not made up for.
      next = Math.max(next, performance.now() - everyMs);
      await delay(Math.max(0, next + everyMs - performance.now()));
    }
  }
}
