import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ProductListed } from '@backstep/contracts';
import { CONFIG } from '@backstep/service';
import { Database, PeriodicJobs } from '@backstep/messaging';
import { emit, one, UnitOfWork, type Change, type LoadedNeeds, type RequestHandler } from '@backstep/unit-of-work';
import type { InventoryConfig } from '../config.js';
import { Product } from '../product/product.entity.js';

/** A turn announces one chunk. A round of 1,000 products takes ten minutes; a larger one takes a minute for each hundred products. */
const TURN_EVERY_MS = 60_000;
export const ANNOUNCE_MAX = 100;

const needs = (sku: string) => ({ product: one(Product, sku) });

/** Announces the current state of a product once more. A copy that has this version, or a later one, stays as it is. */
export class AnnounceProductHandler implements RequestHandler<string, boolean, ReturnType<typeof needs>> {
  readonly needs = needs;

  decide(sku: string, { product }: LoadedNeeds<ReturnType<typeof needs>>): { answer: boolean; changes: Change[] } {
    if (!product) return { answer: false, changes: [] };
    const { name, currency, price, version } = product;
    return { answer: true, changes: [emit(ProductListed, { sku, name, currency, price }, { tells: version })] };
  }
}

/**
 * Announces all products again and again, each instance its own, a chunk at a time. Kafka deletes messages after their retention and may lose its disk, and a
 * database with a copy of the prices may be new: after one round every copy is complete.
 */
@Injectable()
export class AnnounceProducts implements OnModuleInit {
  private readonly handler = new AnnounceProductHandler();
  /** The last product announced in this round. */
  private told = '';
  private roundBegan = -Infinity;

  constructor(
    @Inject(CONFIG) private readonly config: InventoryConfig,
    @Inject(Database) private readonly database: Database,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(PeriodicJobs) private readonly jobs: PeriodicJobs,
  ) {}

  onModuleInit(): void {
    const turnEveryMs = Math.min(TURN_EVERY_MS, this.config.ANNOUNCE_PRODUCTS_EVERY_MS);
    this.jobs.every(turnEveryMs, 'tell the products again', () => this.turn());
  }

  async turn(): Promise<void> {
    if (this.told === '') {
      const now = performance.now();
      if (now - this.roundBegan < this.config.ANNOUNCE_PRODUCTS_EVERY_MS) return;
      this.roundBegan = now;
    }
    const { rows } = await this.database.pool.query<{ sku: string }>(
      '/* products.announce */ SELECT sku FROM product WHERE sku > $1 ORDER BY sku LIMIT $2',
      [this.told, ANNOUNCE_MAX],
    );
    const ours = rows.filter(({ sku }) => this.unitOfWork.isResponsibleFor(sku));
    await Promise.all(ours.map(({ sku }) => this.unitOfWork.request(this.handler, sku)));
    // A chunk that is not full is the last one of its round.
    this.told = (rows.length === ANNOUNCE_MAX && rows.at(-1)?.sku) || '';
  }
}
