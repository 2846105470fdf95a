import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { Sku } from '@backstep/contracts';
import { PAGE_DEFAULT, PAGE_MAX, type Page, type ProductView, SKU_KEY } from '@backstep/contracts/http';
import { pageCursor, ProblemError, PROBLEMS, zod } from '@backstep/problems';
import { Database } from '@backstep/messaging';
import { z } from 'zod';

const CURSOR = pageCursor('products', SKU_KEY);

const ListProducts = z.strictObject({
  cursor: CURSOR.schema.optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
});

const SELECT = `
  SELECT sku, name, currency, price::float8 AS price, on_hand::float8 AS "onHand", reserved::float8 AS reserved,
         (on_hand - reserved)::float8 AS available, p.version::float8 AS version
  FROM product p JOIN stock s USING (sku)`;

@Controller('products')
export class ReadProductsController {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Get()
  async list(@Query(zod(ListProducts)) { cursor, limit }: z.output<typeof ListProducts>): Promise<Page<ProductView>> {
    const { rows } = await this.database.pool.query<ProductView>(
      `${SELECT} WHERE $1::text IS NULL OR sku > $1 ORDER BY sku LIMIT $2`,
      [cursor ?? null, limit + 1],
    );
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: last && rows.length > limit ? CURSOR.after(last.sku) : null };
  }

  @Get(':sku')
  async read(@Param('sku', zod(Sku)) sku: string): Promise<ProductView> {
    const { rows } = await this.database.pool.query<ProductView>(`${SELECT} WHERE sku = $1`, [sku]);
    if (!rows[0]) throw new ProblemError(PROBLEMS.notFound, { detail: `There is no product ${sku}.` });
    return rows[0];
  }
}
