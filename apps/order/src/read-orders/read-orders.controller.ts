import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { OrderStatus, type OrderView, PAGE_DEFAULT, PAGE_MAX, type Page } from '@backstep/contracts/http';
import { entityTag, pageCursor, ProblemError, PROBLEMS, UUID_KEY, zod } from '@backstep/problems';
import { Database } from '@backstep/messaging';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { listOrders, readOrder } from './order.queries.js';

const CURSOR = pageCursor('orders', UUID_KEY);

const ListOrders = z.strictObject({
  status: OrderStatus.optional(),
  /** Times of placement: at `from` or later, and before `to`. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  cursor: CURSOR.schema.optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
});

@Controller('orders')
export class ReadOrdersController {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Get()
  async list(@Query(zod(ListOrders)) asked: z.output<typeof ListOrders>): Promise<Page<OrderView>> {
    const { status, from, to, cursor, limit } = asked;
    const found = await listOrders(this.database, {
      status,
      placedFrom: from === undefined ? undefined : Date.parse(from),
      placedBefore: to === undefined ? undefined : Date.parse(to),
      before: cursor,
      limit: limit + 1,
    });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: last && found.length > limit ? CURSOR.after(last.id) : null };
  }

  @Get(':id')
  async read(
    @Param('id', zod(z.uuid())) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderView> {
    const order = await readOrder(this.database, id);
    if (!order) throw new ProblemError(PROBLEMS.notFound, { detail: `There is no order ${id}.` });
    void reply.header('etag', entityTag(order.version));
    return order;
  }
}
