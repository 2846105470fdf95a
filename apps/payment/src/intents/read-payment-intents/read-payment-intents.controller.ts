import { PAGE_DEFAULT, PAGE_MAX, PaymentStatus, type Page, type PaymentIntentView } from '@backstep/contracts/http';
import { entityTag, pageCursor, UUID_KEY, zod } from '@backstep/problems';
import { Database } from '@backstep/messaging';
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { unknownIntent } from '../payment-intent/free-intent.js';
import { listPaymentIntents, readPaymentIntent } from './payment-intent.queries.js';

const CURSOR = pageCursor('payment-intents', UUID_KEY);

const ListPaymentIntents = z.strictObject({
  status: PaymentStatus.optional(),
  cursor: CURSOR.schema.optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
});

@Controller('payment-intents')
export class ReadPaymentIntentsController {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Get()
  async list(
    @Query(zod(ListPaymentIntents)) { status, cursor, limit }: z.output<typeof ListPaymentIntents>,
  ): Promise<Page<PaymentIntentView>> {
    const found = await listPaymentIntents(this.database, { status, before: cursor, limit: limit + 1 });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: last && found.length > limit ? CURSOR.after(last.id) : null };
  }

  @Get(':id')
  async read(
    @Param('id', zod(z.uuid())) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentIntentView> {
    const intent = await readPaymentIntent(this.database, id);
    if (!intent) throw unknownIntent(id);
    void reply.header('etag', entityTag(intent.version));
    return intent;
  }
}
